"""What the application server runs: the page store around Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["PGAPPNAME"] = "site"  # by this name the database knows its connections, and so does the log
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference_site.settings")


def make_application():
    django = get_wsgi_application()  # sets up Django, without which no module of the site can be imported
    from conference_site.delivery.store import PageStore

    return PageStore(django)


application = make_application()
