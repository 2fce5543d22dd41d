"""What the application server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["PGAPPNAME"] = "site"  # by this name the database knows its connections, and so does the log
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference_site.settings")

application = get_wsgi_application()
