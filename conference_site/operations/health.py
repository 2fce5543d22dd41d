"""Whether the web server of this machine serves the site; as a program, the HEALTHCHECK of the image."""

import http.client
import sys

from conference_site.operations import gunicorn

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what BIND may say, and where it is asked


def is_served(seconds: float = 5) -> bool:
    """Whether /healthz answers 200 within ``seconds``."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(gunicorn.host, gunicorn.host), gunicorn.port, timeout=seconds)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_served())
