"""`make run` from the moment when .venv is there: what it says, what stops it, and what a kill leaves behind: nothing."""

import signal
import socket
import stat

import pytest

from conference_site.operations.postgres import FORGETFUL, Postgres
from tests.operations.copies import RunningSite, copy_site, free_port, remove_database


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = copy_site(tmp_path_factory.mktemp("run") / "a folder with a space")
    yield folder
    remove_database(folder / "var" / "postgres")


@pytest.fixture(scope="module")
def prepared(folder):
    """The folder after a first start and a kill of the database; what that said. `make proof-run` kills each process."""
    with RunningSite(folder) as site:
        site.wait_until_ready()
        site.member("bin/postgres", "-D").kill()
        assert site.wait_until_gone() == 1
        return site.output


def test_first_start_shows_the_steps_and_a_password(prepared):
    assert "Starting PostgreSQL" in prepared
    assert prepared.count("with the password") == 1


def test_after_a_kill_nothing_is_left(prepared):
    assert "PostgreSQL stopped unexpectedly" in prepared.splitlines()[-1]


@pytest.fixture(scope="class")
def site(prepared, folder):
    """The next start, which recovers, and its end by Ctrl-C."""
    secret = secret_key(folder)
    with RunningSite(folder) as site:
        site.wait_until_ready()
        yield site
        assert site.end(signal.SIGINT) == 0
        assert site.output.endswith("Stopped.\n")
    assert secret_key(folder) == secret


def secret_key(folder):
    return next(line for line in (folder / "var" / "site.env").read_text().splitlines() if line.startswith("SECRET_KEY="))


class TestWhileItRuns:
    def test_the_password_is_not_shown_again(self, site):
        assert "password" not in site.output

    def test_it_listens_on_loopback_and_the_database_nowhere(self, site):
        connections = [each for member in site.family for each in member.net_connections(kind="inet") if each.status == "LISTEN"]
        assert {(each.laddr.ip, each.laddr.port) for each in connections} == {("127.0.0.1", int(site.port))}

    def test_what_it_chose_is_readable_by_nobody_else(self, site, folder):
        choices = folder / "var" / "site.env"
        assert stat.S_IMODE(choices.stat().st_mode) == 0o600
        assert f"SITE_URL=http://localhost:{site.port}\n" in choices.read_text()

    def test_a_second_one_in_the_same_folder_is_refused(self, site, folder):
        with RunningSite(folder) as second:
            assert second.wait_until_gone() == 1
            database = folder / "var" / "postgres"
            assert second.output.strip() == f"The database in {database} is already in use by process {site.process.pid}."


@pytest.mark.proof
def test_database_url_replaces_the_embedded_server(folder, tmp_path):
    other = Postgres(tmp_path / "postgres", *FORGETFUL)
    other.claim()
    try:
        other.start()
        with RunningSite(folder, DATABASE_URL=other.url) as site:
            site.wait_until_ready()
            assert "password" in site.output  # it has had no administrator
            assert [each.name() for each in site.family if each.name() == "postgres"] == []
            assert "DATABASE_URL" not in (folder / "var" / "site.env").read_text()
            assert site.end(signal.SIGTERM) == 0
    finally:
        other.stop()
        remove_database(other.folder)


REFUSED = {
    "PORT": ("eighty", "PORT must be a whole number from 1 to 65535, and is 'eighty'."),
    "BIND": ("192.0.2.1", "192.0.2.1 port {port} cannot be used"),
    "SITE_URL": ("ftp://example.org", "SITE_URL"),
    "SECRET_KEY": ("short", "SECRET_KEY"),
    "DATABASE_URL": ("postgres://nobody@127.0.0.1:{port}/none", "Reaching the database failed"),
    "WEB_CONCURRENCY": ("0", "WEB_CONCURRENCY must be a whole number"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_unusable_setting_stops_it_with_one_sentence(folder, name):
    value, sentence = REFUSED[name]
    port = str(free_port())
    environment = {"PORT": port} | {name: value.format(port=free_port())}
    with RunningSite(folder, **environment) as site:
        assert site.wait_until_gone() == 1
        assert sentence.format(port=port) in site.output.splitlines()[-1]
        assert "Traceback" not in site.output


def test_a_port_in_use_is_said(folder):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with RunningSite(folder, PORT=str(port)) as site:
            assert site.wait_until_gone() == 1
            assert site.output.strip() == f"Port {port} is used by another program: stop it, or choose another with PORT=."
    assert f"localhost:{port}" not in (folder / "var" / "site.env").read_text()  # of a site that may run beside it
