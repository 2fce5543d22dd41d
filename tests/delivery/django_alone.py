"""Django without anything ahead of it, started by the site's own configuration of gunicorn, for `bench`."""

from django.core.wsgi import get_wsgi_application

from tests.delivery.bare import Bare

_django = get_wsgi_application()


class Alone(Bare):
    def __call__(self, environ, start_response):
        return _django(environ, start_response)


application = Alone()
