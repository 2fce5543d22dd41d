"""Files in a bucket on S3, or on what speaks as it does, in place of a folder.

What Django's storage raises for a folder is raised here too: `FileNotFoundError` for what is missing, and `AwayError`, an OSError
like that of a full disk, where the bucket can't be asked. A server that is silent is asked by one thread at a time: all others,
which are there for pages, are told at once that it is away.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from io import SEEK_SET, BufferedReader, RawIOBase
from types import SimpleNamespace
from urllib.parse import urljoin

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as UnreachableError
from botocore.response import StreamingBody
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from conference_site.media.storage import AwayError

IMPATIENT = {"connect_timeout": 2, "read_timeout": 3, "retries": {"total_max_attempts": 2, "mode": "standard"}}
"""For how long a server may be silent: twice three seconds, and one in between."""
PAUSE = 8
"""Seconds for which nobody asks a server that did not answer. Longer than to ask takes, so that one thread at a time does."""
MISSING = {"NoSuchKey", "404", "KeyTooLongError"}
"""What the server calls a file that is not there, or can't be; a bucket that is missing is another matter."""
PART = 64 * 1024
"""Bytes that are read at a time."""


def answered(method: Callable) -> Callable:
    """``method`` of a storage, with the exceptions of a folder."""

    @wraps(method)
    def ask(self, *args, **kwargs):
        with self.asked():
            return method(self, *args, **kwargs)

    return ask


class BucketStorage(S3Storage):
    """A bucket that nobody but the site reads: it says what is withdrawn. What lies under a name already is replaced."""

    default_acl = None  # the bucket's own, which is private
    file_overwrite = True
    location = ""
    transfer_config = TransferConfig(use_threads=False)
    patience: dict = {}
    """What differs from `IMPATIENT`."""
    _silent_until = 0.0

    def __init__(self, *, addressing_style: str, **options) -> None:
        config = Config(
            **IMPATIENT | self.patience,
            s3={"addressing_style": addressing_style},
            signature_version="s3v4",
            # Other servers than Amazon's don't know all the sums that it does.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=config, **options)
        self._connections = SimpleNamespace()  # one for all threads: they may share it, and a further one takes 17 MB

    @property
    def is_away(self) -> bool:
        """Whether it gave no answer when it was last asked."""
        return self._silent_until > 0

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Within, the bucket is asked for something."""
        if time.monotonic() < self._silent_until:
            raise AwayError("The bucket gave no answer a moment ago")
        if self.is_away:  # this thread finds out whether it is back
            self._silent_until = time.monotonic() + PAUSE
        try:
            yield
        except (UnreachableError, HTTPClientError) as error:
            self._silent_until = time.monotonic() + PAUSE
            raise AwayError(f"The bucket gives no answer: {error}") from error
        except ClientError as error:
            self._silent_until = 0.0
            if error.response["Error"]["Code"] in MISSING:
                raise FileNotFoundError(str(error)) from error
            raise AwayError(str(error)) from error
        except (BotoCoreError, Boto3Error) as error:
            raise AwayError(str(error)) from error
        self._silent_until = 0.0

    def url(self, name: str) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name).lstrip("/"))

    def _open(self, name: str, mode: str = "rb") -> File:
        return File(BufferedReader(BucketReader(self, name, *self.body(name)), PART), name)

    def body(self, name: str, place: int = 0) -> tuple[StreamingBody, int]:
        r"""What a file holds from this byte on, and how many bytes that are.

        The name is taken as it is: S3Storage reads “\” as “/”, which would be another way to what is withdrawn.
        """
        asked = {"Range": f"bytes={place}-"} if place else {}
        with self.asked():
            found = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=name, **asked)
        return found["Body"], found["ContentLength"]

    _save = answered(S3Storage._save)
    delete = answered(S3Storage.delete)
    exists = answered(S3Storage.exists)
    listdir = answered(S3Storage.listdir)
    size = answered(S3Storage.size)
    get_modified_time = answered(S3Storage.get_modified_time)


class BucketReader(RawIOBase):
    """A file in a bucket, of which nothing is loaded ahead of being read: a part of a large one costs that part."""

    def __init__(self, storage: BucketStorage, name: str, body: StreamingBody, size: int) -> None:
        self._storage, self._name, self._body, self._size = storage, name, body, size
        self._place = self._begun = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def readinto(self, buffer: memoryview) -> int:
        if self._place >= self._size:
            return 0
        if self._place != self._begun:
            self._body.close()
            self._body, _rest = self._storage.body(self._name, self._place)
        with self._storage.asked():
            read = self._body.read(len(buffer))
        buffer[: len(read)] = read
        self._place = self._begun = self._place + len(read)
        return len(read)

    def close(self) -> None:
        self._body.close()
        super().close()
