"""The site's configuration of gunicorn without what the site does in each process, for `bench`."""

from conference_site.operations.gunicorn import *  # noqa: F403
from conference_site.operations.gunicorn import beginning


def post_worker_init(worker: object) -> None:
    beginning[worker.place] = 0
