"""The site without its page store, with Django's own cache of the whole site in the memory of each process, for `bench`."""

from conference_site.settings import *  # noqa: F403
from conference_site.settings import MIDDLEWARE as OWN

MIDDLEWARE = ["django.middleware.cache.UpdateCacheMiddleware", *OWN, "django.middleware.cache.FetchFromCacheMiddleware"]
# It keeps nothing that browsers have to ask for anew each time.
MIDDLEWARE.remove("conference_site.delivery.middleware.StoreMiddleware")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CACHE_MIDDLEWARE_SECONDS = 600
