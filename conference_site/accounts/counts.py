"""Where attempts to sign in are counted: in the shared cache, and in the database while it is away."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class SharedCache(RedisCache):
    """Nobody gets in uncounted, and nobody is kept out, because a server of counts is down. Only what allauth uses is covered."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get", super().get, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("add", super().add, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._either("set", super().set, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("delete", super().delete, *args, **kwargs)

    def _either(self, name: str, ask: Callable, *args: Any, **kwargs: Any) -> Any:
        try:
            return ask(*args, **kwargs)
        except RedisError as error:
            logger.error("CACHE_URL can't be reached, so that the database counts attempts to sign in: %s", error)
            return getattr(caches["database"], name)(*args, **kwargs)
