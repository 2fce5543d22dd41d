"""The embedded PostgreSQL: what it is, and what it survives."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import psycopg
import pytest

from conference_site.operations import postgres, processes
from conference_site.operations.postgres import FORGETFUL, CannotStartError, InUseError, Postgres
from tests.operations.copies import remove_database


@contextlib.contextmanager
def servers(place):
    """Makes servers whose data are in one folder, with a space and longer than a socket's path may be."""
    folder = place / "a folder with a space" / ("long" * 30) / "postgres"

    @contextlib.contextmanager
    def new():
        server = Postgres(folder, *FORGETFUL)
        server.claim()
        try:
            yield server
        finally:
            server.stop()

    yield new
    remove_database(folder)


@pytest.fixture
def new_server(tmp_path):
    """Servers without data at first."""
    with servers(tmp_path) as new:
        yield new


@pytest.fixture(scope="module")
def any_server(tmp_path_factory):
    """Servers that may have data of the tests before: to make them anew takes longer than these tests."""
    with servers(tmp_path_factory.mktemp("postgres")) as new:
        yield new


def ask(server, question):
    with psycopg.connect(server.url) as connection:
        return connection.execute(question).fetchone()


def leave_behind(server, monkeypatch):
    """End this process's hold on a running server, as a kill -9 would where the kernel does not end children."""
    monkeypatch.setattr(processes, "die_with_parent", lambda wish: None)
    server.start()
    server._lock.close()


def test_speaks_utf8_sorts_by_code_point_and_listens_to_no_network(any_server):
    with any_server() as server:
        server.start()
        question = (
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        )
        assert ask(server, question) == ("UTF8", "b", "C.UTF-8")
        assert ask(server, "SELECT upper('é'), current_setting('listen_addresses')") == ("É", "")


def test_keeps_its_data(any_server):
    with any_server() as server:
        server.start()
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'مؤتمر' AS word")
    with any_server() as server:
        server.start()
        assert ask(server, "SELECT word FROM kept") == ("مؤتمر",)


def test_is_never_run_as_root_and_its_socket_is_private(any_server):
    with any_server() as server:
        server.start()
        assert psutil.Process(server.process.pid).uids().effective != 0
        assert server.sockets.stat().st_mode & 0o077 == 0


def test_a_stopped_server_leaves_nothing_outside_its_folder(any_server):
    with any_server() as server:
        server.start()
    assert not server.sockets.exists()
    assert server.process.poll() is not None


def test_only_one_process_may_claim_it(any_server):
    with any_server(), pytest.raises(InUseError, match=f"in use by process {os.getpid()}"), any_server():
        pass


def test_a_server_left_behind_is_stopped_first(any_server, monkeypatch):
    with any_server() as lost:
        leave_behind(lost, monkeypatch)
        with any_server() as server:
            server.start()
            assert lost.process.poll() is not None
            assert ask(server, "SELECT 1") == (1,)


@pytest.mark.parametrize("wish", [signal.SIGKILL, signal.SIGSTOP])
def test_a_server_that_does_not_listen_to_signals_is_stopped_too(any_server, monkeypatch, wish):
    monkeypatch.setattr(postgres, "STOPPING", ((signal.SIGINT, 0.2), (signal.SIGQUIT, 0.2)))
    with any_server() as lost:
        leave_behind(lost, monkeypatch)
        lost.process.send_signal(wish)
        with any_server() as server:
            server.start()
            assert ask(server, "SELECT 1") == (1,)


def test_waits_for_the_children_of_a_killed_server(any_server):
    """Two servers writing to the same files would destroy them."""
    with any_server() as server:
        server.start()

        def ask_for_long():
            with contextlib.suppress(psycopg.OperationalError):
                ask(server, "SELECT count(*) FROM generate_series(1, 8000000)")

        thread = threading.Thread(target=ask_for_long)
        thread.start()
        time.sleep(0.3)
        server.process.kill()
        server.process.wait()
        server.start()
        assert ask(server, "SELECT 1") == (1,)
        thread.join()


def test_a_number_that_now_belongs_to_another_program_is_no_obstacle(any_server):
    with any_server() as server:
        server.start()
    with any_server() as server:
        other = processes.start(["sleep", "60"], signal.SIGKILL, **server.account.popen_options())
        (server.data / "postmaster.pid").write_text(f"{other.pid}\n{server.data}\n")
        server.start()
        assert ask(server, "SELECT 1") == (1,)
        assert other.poll() is None
        other.kill()
        other.wait()


def test_an_interrupted_first_start_is_begun_again(new_server):
    with new_server() as server:
        (server.home / "unfinished").mkdir()
        (server.home / "unfinished" / "PG_VERSION").write_text("18\n")
        server.start()
        assert ask(server, "SELECT 1") == (1,)


def test_its_own_words_tell_why_it_does_not_start(new_server):
    with new_server() as server:
        server.start()
    with new_server() as server:
        (server.data / "postgresql.conf").write_text("no_such_setting = 1\n")
        with pytest.raises(CannotStartError, match=r"PostgreSQL did not start: .*configuration file"):
            server.start()


def test_a_folder_that_somebody_else_has_put_in_the_way_is_refused(tmp_path):
    account = postgres.Account.for_server()
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    os.chown(open_to_all, account.uid, account.gid)
    open_to_all.chmod(0o777)
    a_link = tmp_path / "link"
    a_link.symlink_to(tmp_path)
    for folder in (open_to_all, a_link):
        with pytest.raises(CannotStartError, match="not safe to use"):
            postgres.make_private(folder, account)
    own = tmp_path / "own"
    postgres.make_private(own, account)
    postgres.make_private(own, account)  # a second time


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_child_dies_with_its_parent(tmp_path):
    script = (
        "import signal, time\n"
        "from conference_site.operations.processes import start\n"
        "print(start(['sleep', '60'], signal.SIGTERM).pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 5
    while not processes.has_ended(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)
