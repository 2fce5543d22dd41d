"""Settings from the environment: each is read once, checked, and refused in one sentence that says which and why."""

from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environs

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Environment:
    """Typed reading of environment variables, and of a file of them for what the environment leaves out.

    A missing or unusable value ends the process (``SystemExit`` with one sentence), never with a traceback: whoever starts
    the site is an operator, not its author.
    """

    def __init__(self, defaults: Path) -> None:
        self._env = environs.Env()
        if defaults.is_file():
            self._env.read_env(str(defaults), recurse=False)

    def read(self, kind: str, name: str, *default: object, **options: object):
        """The value of ``name``, parsed by the environs parser called ``kind`` (``str``, ``int``, ``bool``, ``dj_db_url`` …)."""
        try:
            return getattr(self._env, kind)(name, *default, **options)
        except environs.EnvError as error:
            self.refuse(name, "is not set" if name not in error_text(error) or is_missing(error) else error_text(error))
        except (ValueError, KeyError, LookupError) as error:
            self.refuse(name, f"cannot be read: {error}")

    def secret(self, name: str) -> str:
        """A secret of at least 50 characters, as ``check --deploy`` asks for."""
        value = self.read("str", name)
        if len(value) < 50:
            self.refuse(name, "is too short: at least 50 random characters are needed")
        return value

    def address(self, name: str) -> str:
        """The site's own address, ``https://host[:port]`` without a path; ``http`` only on this very machine."""
        value = self.read("str", name).rstrip("/")
        try:
            parts = urlsplit(value)
            parts.port  # noqa: B018 - a port that is no number raises here
        except ValueError as error:
            self.refuse(name, f"is not an address: {error}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
            self.refuse(name, "must be an address like https://example.org, without a path")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            self.refuse(name, "must begin with https:// (http:// is only for localhost)")
        return value

    def database(self, name: str) -> dict:
        """Django's settings for the PostgreSQL that a ``postgres://`` URL names."""
        config = self.read("dj_db_url", name)
        if config.get("ENGINE") != "django.db.backends.postgresql":
            self.refuse(name, "must name a PostgreSQL, as in postgres://user:password@host:5432/name")
        return config

    def mailer(self, name: str, otherwise: str) -> dict:
        """Django's settings for the mail server that a URL like ``smtp+tls://user:password@host:587`` names."""
        if not self.read("str", name, ""):
            return {"BACKEND": otherwise}
        config = self.read("dj_email_url", name)
        options = {
            "host": config["EMAIL_HOST"],
            "port": config["EMAIL_PORT"],
            "username": config["EMAIL_HOST_USER"],
            "password": config["EMAIL_HOST_PASSWORD"],
            "use_tls": config["EMAIL_USE_TLS"],
            "use_ssl": config["EMAIL_USE_SSL"],
            "timeout": 10,  # seconds
        }
        return {"BACKEND": config["EMAIL_BACKEND"], "OPTIONS": options}

    @staticmethod
    def refuse(name: str, why: str) -> NoReturn:
        """Stop the start, saying which setting and why."""
        raise SystemExit(f"{name} {why}. docs/operations.md lists every setting.")


def error_text(error: Exception) -> str:
    return str(error).rstrip(".")


def is_missing(error: Exception) -> bool:
    return "not set" in str(error)
