from tests.delivery.test_store import reader, store, within_the_test  # noqa: F401 - fixtures of all tests in this folder
