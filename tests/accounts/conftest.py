"""The desk, as in `tests.desk`."""

from tests.desk.conftest import administrator, desk  # noqa: F401
