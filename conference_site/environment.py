"""Settings from the environment: each is read once, checked, and refused in one sentence that says which and why."""

import re
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

import environs

LOOPBACK = ("localhost", "127.0.0.1", "::1")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+", re.ASCII)

IMPATIENT = {
    "connect_timeout": 2,
    "tcp_user_timeout": 5_000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
"""For how long libpq waits for a server that does not answer, in seconds and milliseconds; a URL may say otherwise."""

BUCKET = re.compile(r"/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)

EXPECTED = {
    "bool": "must be true or false",
    "int": "must be a whole number",
    "dj_db_url": "must name a PostgreSQL, as in postgres://user:password@host:5432/name",
    "dj_email_url": "must name a mail server, as in submission://user:password@host:587",
    "bucket": "must name a bucket, as in s3://key:secret@host/bucket?region=name (s3+http:// without TLS)",
    "cache": "must name a Redis or Valkey, as in redis://user:password@host:6379/0 (rediss:// with TLS)",
}
"""What each parser of environs wants, for whoever typed something else."""


class Environment:
    """Typed reading of environment variables, and of a file of them for what the environment leaves out.

    A missing or unusable value ends the process (``SystemExit`` with one sentence), never with a traceback: whoever starts
    the site is an operator, not its author.
    """

    def __init__(self, defaults: Path) -> None:
        self._env = environs.Env()
        if defaults.is_file():
            self._env.read_env(str(defaults), recurse=False)

    def read(self, kind: str, name: str, *default: object):
        """The value of ``name``, parsed by the environs parser called ``kind`` (``str``, ``int``, ``bool``, ``dj_db_url`` …)."""
        if not default and not self._env.str(name, ""):
            self.refuse(name, "is not set")
        try:
            return getattr(self._env, kind)(name, *default)
        except (environs.EnvError, ValueError, LookupError):
            self.refuse(name, EXPECTED.get(kind, "cannot be read"))

    def count(self, name: str, default: int) -> int:
        """A whole number from 0 on."""
        value = self.read("int", name, default)
        return value if value >= 0 else self.refuse(name, "must not be negative")

    def choice(self, name: str, choices: list[str], default: str) -> str:
        """One of a few words."""
        value = self.read("str", name, default)
        return value if value in choices else self.refuse(name, f"must be {' or '.join(choices)}")

    def contact(self, name: str) -> str:
        """An address to write to, as a URI (a mail address may stand alone), or none."""
        value = self.read("str", name, "")
        uri = f"mailto:{value}" if re.fullmatch(r"[^@\s:/]+@[^@\s:/]+", value) else value
        if uri and not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https://\S+", uri):
            self.refuse(name, "must be a mail address or an address that begins with https://")
        return uri

    def token(self, name: str) -> str:
        """A secret that nobody can guess by trying, or none."""
        value = self.read("str", name, "")
        if 0 < len(value) < 20:
            self.refuse(name, "is too weak: at least 20 random characters are needed")
        return value

    def secret(self, name: str) -> str:
        """A secret of at least 50 characters, five of them different, as ``check --deploy`` asks for."""
        value = self.read("str", name)
        if len(value) < 50 or len(set(value)) < 5:
            self.refuse(name, "is too weak: at least 50 random characters are needed")
        return value

    def address(self, name: str) -> str:
        """The site's own address, ``https://host[:port]`` without a path; ``http`` only on this very machine."""
        value = self.read("str", name).rstrip("/")
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError:
            self.refuse(name, "is no address")
        host = parts.hostname or ""
        if not host.isascii():
            self.refuse(name, f"must have its host in ASCII letters, here {host.encode('idna').decode()}")
        whole = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"
        if parts.scheme not in ("http", "https") or not HOST.fullmatch(host) or whole != value.lower():
            self.refuse(name, "must be an address like https://example.org, without a path or a user")
        if parts.scheme == "http" and host not in LOOPBACK:
            self.refuse(name, "must begin with https:// (http:// is only for localhost)")
        return whole

    def database(self, name: str) -> dict:
        """Django's settings for the PostgreSQL that a ``postgres://`` URL names."""
        config = self.read("dj_db_url", name)
        is_postgres = config.get("ENGINE") == "django.db.backends.postgresql" and config.get("NAME")
        if "@" in config.get("NAME", ""):
            self.refuse(name, "has a password in which @, / and the like are to be written with %, as in %40")
        # The search sends a setting with its statement, which only binding on this side allows.
        if not is_postgres or "server_side_binding" in config.get("OPTIONS", {}):
            self.refuse(name, EXPECTED["dj_db_url"])
        return config | {"OPTIONS": IMPATIENT | config.get("OPTIONS", {})}

    def mailer(self, name: str, otherwise: str) -> dict:
        """Django's settings for the mail server that a URL names; without one, the backend ``otherwise``."""
        if not self.read("str", name, ""):
            return {"BACKEND": otherwise}
        config = self.read("dj_email_url", name)
        if not config.get("EMAIL_BACKEND", "").endswith("smtp.EmailBackend") or not config.get("EMAIL_HOST"):
            self.refuse(name, EXPECTED["dj_email_url"])
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

    def files(self, name: str, otherwise: str) -> dict:
        """Django's settings for the bucket that a URL names; without one, the storage ``otherwise``."""
        value = self.read("str", name, "")
        if not value:
            return {"BACKEND": otherwise}
        try:
            options = bucket_options(value)
        except ValueError:
            self.refuse(name, EXPECTED["bucket"])
        return {"BACKEND": "conference_site.media.buckets.BucketStorage", "OPTIONS": options}

    def place(self, name: str, otherwise: str) -> str:
        """A folder, or a bucket's address."""
        value = self.read("str", name, "") or otherwise
        try:
            return str(Path(value).absolute()) if not is_bucket(value) else bucket_options(value) and value
        except ValueError:
            self.refuse(name, f"{EXPECTED['bucket']}, or a folder")

    def counts(self, name: str, default: str) -> list[int]:
        """As many whole numbers as in ``default``, with blanks between them."""
        value = self.read("str", name, default).split()
        if len(value) != len(default.split()) or not all(word.isascii() and word.isdigit() for word in value):
            self.refuse(name, f"must be {len(default.split())} whole numbers, as in {default}")
        return [int(word) for word in value]

    def cache(self, name: str, otherwise: dict) -> dict:
        """Django's settings for the Redis or Valkey that a URL names; without one, ``otherwise``."""
        value = self.read("str", name, "")
        if not value:
            return otherwise
        try:
            parts = urlsplit(value)
            is_whole = parts.scheme in ("redis", "rediss") and parts.hostname and parts.port != 0
        except ValueError:
            is_whole = False
        if not is_whole or not re.fullmatch(r"(/[0-9]*)?", parts.path):
            self.refuse(name, EXPECTED["cache"])
        options = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds
        return {"BACKEND": "conference_site.accounts.counts.SharedCache", "LOCATION": value, "OPTIONS": options}

    def time_zone(self, name: str, default: str) -> str:
        """A name of the IANA time zone database."""
        value = self.read("str", name, default)
        return value if value in available_timezones() else self.refuse(name, "must be a time zone like Asia/Riyadh")

    @staticmethod
    def refuse(name: str, why: str) -> NoReturn:
        """Stop the start, saying which setting and why."""
        raise SystemExit(f"{name} {why}. docs/operations.md lists every setting.")


def is_bucket(value: str) -> bool:
    """Whether this names a bucket, or is meant to, and no folder."""
    return "://" in value


def bucket_options(value: str) -> dict[str, str]:
    """What the storage of a bucket needs to know, from the bucket's address; ValueError where that is none."""
    parts = urlsplit(value)
    port = parts.port
    asked = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    host = parts.hostname or ""
    scheme = {"s3": "https", "s3+http": "http"}.get(parts.scheme)
    is_whole = scheme and HOST.fullmatch(host) and parts.username and parts.password and BUCKET.fullmatch(parts.path)
    if not is_whole or not asked.keys() <= {"region"} or parts.fragment:
        raise ValueError(value)
    return {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": parts.path[1:],
        "endpoint_url": f"{scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}",
        "region_name": asked.get("region", "us-east-1"),
        "addressing_style": "virtual" if host.endswith(".amazonaws.com") else "path",
    }
