#!/usr/bin/env python
"""Run one of the site's management commands: `python manage.py help` lists them."""

import os
import sys

if __name__ == "__main__":
    # By this name the database knows the connection: the log says which command changed something.
    os.environ.setdefault("PGAPPNAME", " ".join(["manage.py", *sys.argv[1:2]]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
