"""deploy/nginx.conf in a real nginx, before hosts that the test makes up. Most of it is part of `make proof-delivery`."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from statistics import quantiles
from typing import NamedTuple

import pytest

from conference_site.delivery.middleware import SHARED
from conference_site.operations import front as fronts
from conference_site.operations.front import DEPLOY, Front
from conference_site.operations.processes import CannotStartError
from tests.operations.copies import free_port

HERE = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
needs_nginx = pytest.mark.skipif(not HERE, reason="nginx is not installed here")
proof = pytest.mark.proof
WINDOW = 1.1
"""Seconds after which a copy is asked about again: whatever is left of the second in which it was made."""


class Request(NamedTuple):
    command: str
    path: str
    headers: Message


class Site(ThreadingHTTPServer):
    """A host that answers every address with `text`, `seconds` later, as the page store does, and notes what it was asked."""

    daemon_threads, request_queue_size = True, 512
    slow = "nothing"
    """How the addresses begin that are never answered in time."""

    def __init__(self) -> None:
        self.text, self.seconds, self.status, self.headers, self.kept = "one", 0.0, 200, {}, 0
        self.asked: list[Request] = []
        self._connections: list[socket.socket] = []
        super().__init__(("127.0.0.1", 0), Handler)
        self.name = f"127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def process_request(self, request: socket.socket, address: tuple) -> None:
        self._connections.append(request)
        super().process_request(request, address)

    def die(self) -> None:
        """As a host whose processes are killed: kept connections end too."""
        self.shutdown()
        self.server_close()
        for connection in self._connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def paths(self) -> list[str]:
        return [request.path for request in self.asked]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site, begun = self.server, int(time.time())
        site.asked.append(Request(self.command, self.path, self.headers))
        body, status = site.text.encode(), site.status
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        etag = f'"{site.text}-{self.headers.get("Accept-Encoding", "")}"'
        time.sleep(6 if self.path.startswith(site.slow) else site.seconds)
        if status == 0:  # nothing at all
            self.close_connection = True
            return
        if status == 200 and self.headers.get("If-None-Match") == etag:
            body, status = b"", 304
        self.send_response(status)
        says = {"ETag": etag, "Cache-Control": SHARED, "X-Accel-Expires": f"@{begun + site.kept}", "Vary": "Accept-Encoding"}
        for name, value in ((says if status < 500 else {}) | site.headers | {"Cache-Status": "page-store; hit"}).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_POST = do_GET  # noqa: N815 - the names of http.server

    def log_message(self, *_args: object) -> None:
        pass


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.marks = response.headers.get_all("Cache-Status", [])
        self.text = self.body.decode(errors="replace")


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    made = [Site(), Site()]
    yield made
    for site in made:
        site.die()


@pytest.fixture
def make_front(tmp_path) -> Iterator[Callable[..., Front]]:
    made = []

    def make(*sites: Site) -> Front:
        for name in ("static", "media"):
            (tmp_path / name).mkdir(exist_ok=True)
        front = Front(tmp_path / "front", free_port(), [site.name for site in sites], tmp_path / "static", tmp_path / "media")
        made.append(front)
        front.start()
        return front

    yield make
    for front in made:
        front.stop()


@pytest.fixture
def site(sites) -> Site:
    return sites[0]


@pytest.fixture
def front(make_front, site) -> Front:
    return make_front(site)


def ask(front: Front, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=20)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, {"Host": "localhost", **names})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def at_once(number: int, question: Callable[[int], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(question, range(number)))


# What is written


@needs_nginx
def test_nginx_accepts_what_is_deployed(tmp_path):
    """Also with TLS, whose file it reads where it lies beside the other."""
    front = Front(tmp_path / "a place", 8001, ["127.0.0.1:8000", "127.0.0.1:9000"], tmp_path, tmp_path)
    front.write()
    front.check()
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subject = ["-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=localhost", "-days", "1"]
    subprocess.run(["openssl", "req", "-x509", *subject, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = (DEPLOY / "nginx-tls.conf").read_text().replace("/etc/nginx/tls", str(tmp_path))
    (front.folder / "nginx-tls.conf").write_text(re.sub(r"443", str(free_port()), tls))
    front.check()
    (front.folder / "nginx-tls.conf").write_text("ssl_protocols nothing;")
    with pytest.raises(CannotStartError, match="nothing"):
        front.check()


def test_without_nginx_it_says_so(monkeypatch):
    monkeypatch.setattr(fronts.shutil, "which", lambda *_args, **_options: None)
    with pytest.raises(CannotStartError, match="nginx is not installed here"):
        fronts.program()


# The shared cache


@proof
@needs_nginx
def test_of_those_who_ask_first_at_once_one_goes_on(front, site):
    site.seconds, site.kept = 0.3, 60
    answers = at_once(20, lambda _number: ask(front, "/en/"))
    assert [(answer.status, answer.text) for answer in answers] == [(200, "one")] * 20
    assert site.paths() == ["/en/"]
    assert sorted({answer.marks[-1] for answer in answers}) == ["front; fwd=uri-miss", "front; hit"]


@proof
@needs_nginx
def test_what_is_not_kept_makes_nobody_wait_for_long(front, site):
    site.status, site.headers, site.seconds = 404, {"Cache-Control": "no-store", "X-Accel-Expires": "0"}, 0.1
    begun = time.monotonic()
    assert {answer.status for answer in at_once(20, lambda _number: ask(front, "/en/nothing/"))} == {404}
    assert time.monotonic() - begun < 2
    begun = time.monotonic()
    at_once(20, lambda _number: ask(front, "/"))
    assert time.monotonic() - begun < 0.5


@proof
@needs_nginx
def test_it_asks_whether_a_page_has_changed_and_tells_readers_so(front, site):
    tag = ask(front, "/en/").headers["ETag"]
    time.sleep(WINDOW)
    again = ask(front, "/en/")
    assert (again.status, again.text, again.marks[-1]) == (200, "one", "front; fwd=stale; fwd-status=304")
    assert [request.headers.get("If-None-Match") for request in site.asked] == [None, tag]
    assert (ask(front, "/en/", If_None_Match=tag).status, ask(front, "/en/", "HEAD").body) == (304, b"")
    site.text = "two"
    time.sleep(WINDOW)
    changed = ask(front, "/en/", If_None_Match=tag)
    assert (changed.status, changed.text, changed.marks) == (200, "two", ["page-store; hit", "front; fwd=stale"])


@proof
@needs_nginx
def test_a_copy_lasts_for_a_second_and_no_longer(front, site):
    """Of nginx's own counting it would last up to two."""
    changed_at, late, hits, begun = {"0": time.monotonic()}, [], 0, time.monotonic()
    site.text = "0"
    while time.monotonic() - begun < 6:
        asked_at = time.monotonic()
        answer = ask(front, "/en/")
        hits += answer.marks[-1] == "front; hit"
        newer = changed_at.get(str(int(answer.text) + 1))
        if newer and asked_at - newer > 1.05:
            late.append(asked_at - newer)
        if asked_at - changed_at[site.text] > 0.37:
            text = str(int(site.text) + 1)
            site.text, changed_at[text] = text, time.monotonic()
    assert late == []
    assert hits > 10 * len(site.asked)


@proof
@needs_nginx
def test_what_was_begun_long_ago_is_not_kept_in_the_place_of_what_is_newer(front, site):
    site.seconds = 1.3
    slow = threading.Thread(target=ask, args=(front, "/en/"))
    slow.start()
    time.sleep(0.2)
    site.text, site.seconds = "two", 0
    slow.join()
    assert ask(front, "/en/").text == "two"


@proof
@needs_nginx
@pytest.mark.parametrize("status", [500, 502, 503, 504, 0])
def test_where_the_site_fails_the_last_copy_is_sent_and_marked(front, site, status):
    ask(front, "/en/")
    time.sleep(WINDOW)
    site.status = status
    stale = ask(front, "/en/")
    assert (stale.status, stale.text, stale.marks[-1]) == (200, "one", "front; hit; detail=stale")
    assert ask(front, "/en/other/").status == (status or 502)
    site.status, site.text = 200, "two"
    time.sleep(2.1 if status == 0 else 0)
    assert ask(front, "/en/").text == "two"


@proof
@needs_nginx
def test_a_site_that_is_silent_is_waited_for_and_then_the_copy_is_sent(front, site):
    ask(front, "/en/")
    time.sleep(WINDOW)
    site.seconds, begun = 7, time.monotonic()
    stale = ask(front, "/en/")
    assert (stale.status, stale.marks[-1]) == (200, "front; hit; detail=stale")
    assert 4.5 < time.monotonic() - begun < 6.5


@proof
@needs_nginx
def test_an_old_copy_is_never_sent_while_a_new_one_is_made(front, site):
    """Nobody may have asked for it in hours."""
    ask(front, "/en/")
    time.sleep(WINDOW)
    site.text, site.seconds = "two", 0.8
    answers = at_once(10, lambda number: time.sleep(number / 20) or ask(front, "/en/"))
    assert {answer.text for answer in answers} == {"two"}


@proof
@needs_nginx
def test_a_page_is_kept_once_for_each_coding_and_for_what_it_knows_of_a_query(front, site):
    site.kept = 60
    codings = {
        "br": ("gzip, deflate, br, zstd", "br", "br;q=0.9, gzip;q=1", "BR"),
        "gzip": ("gzip", "gzip, deflate", "br;q=0, gzip", "br;q=0.0,gzip;q=0.5", "xbr, gzip"),
        None: ("identity", "*", "gzip;q=0", "x-gzip"),
    }
    for accepted in (accepted for each in codings.values() for accepted in each):
        ask(front, "/en/", Accept_Encoding=accepted)
    assert [request.headers["Accept-Encoding"] for request in site.asked] == list(codings)
    site.asked.clear()
    same = ["", "?utm_source=x", "?x=1&y=2", "?utm_campaign=%D9%85&x=%41", "?x=before", "?xbefore=1", "?BEFORE=1"]
    others = ["?before=1", "?before=1&before=2", "?%62efore=1", "?x=%41&aft%65r=1", "?x&after=1", "?after=1", "?x=1&before"]
    for query in [*same, *others] * 2:
        ask(front, f"/en/news/{query}")
    assert site.paths() == [f"/en/news/{query}" for query in ("", *others)]


@proof
@needs_nginx
def test_what_varies_with_more_is_kept_for_nobody(front, site):
    site.kept, site.headers = 60, {"Vary": "Accept-Encoding, Accept-Language"}
    assert [ask(front, "/en/").marks[-1] for _each in range(2)] == ["front; fwd=uri-miss"] * 2
    site.headers = {"Set-Cookie": "a=b"}
    answers = [ask(front, "/en/") for _each in range(2)]
    assert [(answer.marks[-1], answer.headers["Set-Cookie"]) for answer in answers] == [("front; fwd=uri-miss", None)] * 2


# What is passed on


@proof
@needs_nginx
def test_the_desk_is_passed_through_and_never_kept(front, site):
    site.kept, site.headers = 60, {"Set-Cookie": "session=1"}
    paths = ["/ar/admin/", "/en/admin/nothing/of/it/", "/en/search/?q=x", "/en/preview/key/", "/healthz", "/"]
    answers = {path: [ask(front, path, Cookie="session=1") for _each in range(2)] for path in paths}
    assert sorted(site.paths()) == sorted(paths * 2)
    assert {request.path for request in site.asked if request.headers.get("Cookie")} == set(paths[:2])
    assert {path for path, each in answers.items() if any(answer.headers["Set-Cookie"] for answer in each)} == set(paths[:2])
    assert {answer.marks[-1] for each in answers.values() for answer in each} == {"page-store; hit"}
    posted = ask(front, "/en/admin/", "POST", b"a" * 100_000, Cookie="session=1")
    assert (posted.status, site.asked[-1].command) == (200, "POST")


@proof
@needs_nginx
@pytest.mark.parametrize(
    "path", ["/en/", "/en/search/", "/en/preview/a/", "/media/no.webp", "/media/withdrawn/a", "/static/no.css"]
)
def test_what_a_visitor_says_of_proxies_is_not_believed(front, site, path):
    lies = {
        "X_Forwarded_For": "9.9.9.9",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "evil.example",
        "Forwarded": "for=9.9.9.9",
    }
    ask(front, path, **lies, Authorization="Basic YTph", X_Request_ID="mine", Cookie="a=b")
    [request] = site.asked
    told = [request.headers[name] for name in ("Host", "X-Forwarded-For", "X-Forwarded-Proto")]
    assert told == ["localhost", "127.0.0.1", "http"]
    assert {"X-Forwarded-Host", "Forwarded", "Authorization", "Cookie", "Connection"} & set(request.headers) == set()
    assert re.fullmatch("[0-9a-f]{32}", request.headers["X-Request-ID"])


@proof
@needs_nginx
def test_each_request_has_a_name_and_the_log_no_person(front, site):
    site.kept, site.headers = 60, {"X-Request-ID": "of another"}
    answers = [
        ask(front, path, User_Agent="Firefox")
        for path in (
            "/en/?q=secret",
            "/en/",
            "/en/admin/reset/1/secret/",
            "/en/preview/secret/",
            "//en/preview/secret/",
            "/en/preview%2fsecret/",
        )
    ]
    names = [answer.headers["X-Request-ID"] for answer in answers]
    assert {len(answer.headers.get_all("X-Request-ID")) for answer in answers} == {1}
    time.sleep(5.5)  # it is written every five seconds
    lines, written = logged(front), (front.folder / "access.log").read_text()
    assert [(lines[name]["path"], lines[name]["cache"]) for name in names] == [
        ("/en/", "MISS"),
        ("/en/", "HIT"),
        ("/en/admin/", ""),
        *[("/en/preview/", "")] * 3,
    ]
    assert [request.headers["X-Request-ID"] for request in site.asked] == [names[0], *names[2:]]
    assert not re.search("secret|Firefox|127.0.0.1(?!:)", written)


@proof
@needs_nginx
def test_what_is_gone_takes_the_place_of_its_copy(front, site):
    assert ask(front, "/en/goals/one/").status == 200
    site.status = 404
    time.sleep(WINDOW)
    assert ask(front, "/en/goals/one/").status == 404
    site.status = 503
    time.sleep(WINDOW)
    answer = ask(front, "/en/goals/one/")
    assert (answer.status, answer.marks[-1]) == (404, "front; hit; detail=stale")


@proof
@needs_nginx
def test_the_way_to_a_language_is_shown_while_the_site_is_away(front, site):
    site.headers = {"Location": "/fr/"}
    site.status = 302
    assert ask(front, "/").headers["Location"] == "/fr/"
    site.die()
    answers = [ask(front, "/", Accept_Language=said) for said in ("en-GB,en;q=0.9", "ar", "")]
    assert [(answer.status, answer.headers["Location"]) for answer in answers] == [(302, "/en/"), (302, "/ar/"), (302, "/ar/")]
    assert {(answer.headers["Cache-Control"], answer.headers["Vary"]) for answer in answers} == {
        ("private, no-store", "Accept-Language")
    }


@proof
@needs_nginx
def test_lists_are_not_read_on_by_machines(front, site):
    site.kept = 60
    answers = at_once(100, lambda number: ask(front, f"/en/news/?before=2026-01-01.{number}"))
    assert {answer.status for answer in answers} == {200, 429}
    assert [ask(front, path).status for path in ("/en/news/", "/en/news/?page=1")] == [200, 200]


@proof
@needs_nginx
def test_few_send_to_the_desk_at_a_time(front, site):
    def begin(_number: int) -> socket.socket:
        sender = socket.create_connection(("127.0.0.1", front.port), timeout=10)
        sender.sendall(b"POST /en/admin/x/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" + b"a" * 500_000)
        return sender

    senders = [begin(number) for number in range(25)]
    time.sleep(0.5)
    refused = [sender for sender in senders if select([sender], [], [], 0)[0]]
    assert (len(refused), {sender.recv(12) for sender in refused}) == (5, {b"HTTP/1.1 429"})
    assert ask(front, "/en/").status == 200
    for sender in senders:
        sender.close()


def logged(front: Front) -> dict[str, dict]:
    lines = map(json.loads, (front.folder / "access.log").read_text().splitlines())
    return {line["request_id"]: line for line in lines}


@proof
@needs_nginx
def test_what_is_for_those_who_run_the_site_is_refused(front, site):
    paths = ["/metrics", "/readyz", "/%6detrics", "//metrics", "/x/../readyz", "/metrics/", "/metrics?token=x"]
    assert {path: ask(front, path).status for path in paths} == dict.fromkeys(paths, 404)
    assert site.asked == []
    assert "Active connections" in ask(front, "/front-status").text


# Hosts that die


@proof
@needs_nginx
def test_a_host_that_is_killed_costs_nobody_an_answer(make_front, sites):
    front = make_front(*sites)
    failed, number, ends = [], 0, time.monotonic() + 6
    while time.monotonic() < ends:
        number += 1
        if number == 100:
            sites[0].die()
        answer = ask(front, f"/en/{number}/")  # each for the first time, so that no copy helps
        failed += [answer.status] * (answer.status != 200)
        time.sleep(0.005)
    assert failed == []
    assert 30 < len(sites[0].asked) < 70
    assert ask(front, "/en/admin/", "POST", b"a=b").status == 200
    front.stop()  # which writes the rest of the log
    tried_twice = [line for line in logged(front).values() if ", " in line["host"]]
    assert 8 <= len(tried_twice) <= 14  # of some 700: until it counts as dead, then once in two seconds, and by the desk


@proof
@needs_nginx
def test_a_few_slow_pages_take_no_host_away(make_front, sites, monkeypatch):
    """nginx counts a page that it has waited for in vain as a failure of the host."""
    monkeypatch.setattr(Site, "slow", "/en/slow/")
    front = make_front(*sites)
    slow = [threading.Thread(target=ask, args=(front, f"/en/slow/{number}/")) for number in range(4)]
    for thread in slow:
        thread.start()
    time.sleep(4.9)  # 0.1 s before they are given up
    statuses = []
    for number in range(40):
        statuses.append(ask(front, f"/en/{number}/").status)
        time.sleep(0.02)
    assert statuses == [200] * 40
    for thread in slow:
        thread.join()


@proof
@needs_nginx
def test_a_503_takes_no_host_away(make_front, sites):
    front = make_front(*sites)
    for site in sites:
        site.status = 503
    assert {ask(front, f"/en/{number}/").status for number in range(10)} == {503}
    for site in sites:
        site.status = 200
    assert {ask(front, f"/en/{number}/").status for number in range(10)} == {200}
    assert [len(site.asked) for site in sites] == [10, 10]


# Files


@proof
@needs_nginx
def test_files_are_sent_as_the_site_sends_them(front, site, client, settings):
    settings.MEDIA_ROOT = front.media
    (front.media / "pictures").mkdir()
    (front.media / "pictures" / "a.webp").write_bytes(bytes(range(256)) * 40)
    path = "/media/pictures/a.webp"
    sent, django = ask(front, path), client.get(path, headers={"host": "localhost"})
    assert (sent.status, sent.body) == (200, b"".join(django.streaming_content))
    own = {"server", "date", "connection", "etag"}
    assert {name.lower(): value for name, value in sent.headers.items() if name.lower() not in own} == {
        name.lower(): value
        for name, value in django.headers.items()
        if name != "Content-Disposition"  # which says “inline”
    }
    part = ask(front, path, Range="bytes=10-19")
    assert (part.status, part.body, part.headers["Content-Range"]) == (206, bytes(range(10, 20)), "bytes 10-19/10240")
    assert ask(front, path, If_None_Match=sent.headers["ETag"]).status == 304
    assert site.asked == []
    (front.media / "withdrawn").mkdir()
    (front.media / "pictures" / "a.webp").rename(front.media / "withdrawn" / "a.webp")
    assert (ask(front, path).text, site.paths()) == ("one", [path])


@proof
@needs_nginx
@pytest.mark.parametrize("path", ["/media/no.webp", "/en/documents/a/file/"])
def test_of_files_that_the_site_has_it_sends_the_parts(front, site, path):
    ask(front, path, Range="bytes=10-19", If_Range='"a"')
    [request] = site.asked
    assert (request.headers["Range"], request.headers["If-Range"]) == ("bytes=10-19", '"a"')


@proof
@needs_nginx
def test_withdrawn_files_are_never_sent_and_missing_ones_asked_for(front, site):
    site.status = 404
    (front.media / "withdrawn").mkdir()
    for name in ("withdrawn/a.webp", "b.webp.1.part", ".hidden"):
        (front.media / name).write_text("secret")
    ways = [
        "withdrawn/a.webp",
        "/withdrawn/a.webp",
        "x/../withdrawn/a.webp",
        "%77ithdrawn/a.webp",
        "b.webp.1.part",
        ".hidden",
        "no.webp",
    ]
    paths = [f"/media/{way}" for way in ways]
    assert {path: ask(front, path).text for path in paths} == dict.fromkeys(paths, "one")
    assert site.paths() == paths


@proof
@needs_nginx
def test_static_files_come_compressed_and_those_with_a_hash_for_ever(front, site):
    for name, text in {"a.0123456789ab.css": "plain", "a.0123456789ab.css.gz": "packed", "b.txt": "b"}.items():
        (front.static / name).write_text(text)
    packed, plain = (ask(front, "/static/a.0123456789ab.css", Accept_Encoding=accepted) for accepted in ("gzip", "identity"))
    assert (packed.text, packed.headers["Content-Encoding"], plain.text) == ("packed", "gzip", "plain")
    assert (plain.headers["Content-Type"], plain.headers["Vary"]) == ("text/css", "Accept-Encoding")
    assert plain.headers["Cache-Control"] == "public, max-age=315360000, immutable"
    other = ask(front, "/static/b.txt")
    assert other.headers["Cache-Control"] == "public, max-age=0"
    assert {answer.headers["Cross-Origin-Resource-Policy"] for answer in (packed, plain, other)} == {"cross-origin"}
    assert site.asked == []
    site.kept = 60  # of another version, on another host: from then on from here
    assert [ask(front, "/static/c.0123456789ab.css").marks[-1] for _each in range(2)] == ["front; fwd=uri-miss", "front; hit"]


# Limits


@proof
@needs_nginx
def test_too_many_searches_are_refused_in_words(front, site):
    answers = at_once(30, lambda _number: [ask(front, f"/en/search/?q={'%D8%B9' * 600}") for _each in range(4)])
    statuses = [answer.status for each in answers for answer in each]
    [refused, *_more] = [answer for each in answers for answer in each if answer.status != 200]
    assert 50 <= statuses.count(200) < 90
    assert (refused.status, refused.headers["Retry-After"], 'dir="rtl"' in refused.text) == (429, "30", True)
    assert len(site.asked) == statuses.count(200)
    assert ask(front, "/en/").status == 200


@proof
@needs_nginx
def test_passwords_are_not_tried_by_machines(front, site):
    path = "/en/admin/login/"
    statuses = [ask(front, path, "POST", b"a=b").status for _each in range(40)]
    assert 20 <= statuses.count(200) <= 24
    assert (ask(front, path).status, ask(front, "/en/admin/news/", "POST", b"a=b").status) == (200, 200)


@proof
@needs_nginx
def test_large_bodies_are_for_the_desk(front, site):
    assert ask(front, "/en/", "POST", b"a" * 9_000).status == 413
    assert ask(front, "/en/admin/", "POST", b"", Content_Length=str(126 * 1024 * 1024)).status == 413
    assert site.asked == []
    large = ask(front, "/en/admin/", "POST", b"a" * 20_000_000)
    assert (large.status, ask(front, f"/en/?{'a' * 9_000}").status) == (200, 414)


@proof
@needs_nginx
def test_slow_senders_stop_nobody(front, site):
    """Half of them with their headers, half with a body for the desk: nothing of it reaches the site."""
    site.kept = 60
    times = [percentile(front)]
    senders = [socket.create_connection(("127.0.0.1", front.port)) for _each in range(200)]
    for number, sender in enumerate(senders):
        path = "/en/admin/" if number % 2 else "/en/"
        sender.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n{'\r\na' * (number % 2)}".encode())
    times.append(percentile(front))
    assert "POST" not in {request.command for request in site.asked}
    assert times[1] < max(3 * times[0], 0.02), times
    time.sleep(10)
    assert [has_ended(sender) for sender in senders[::2]] == [True] * 100
    for sender in senders:
        sender.close()


def has_ended(sender: socket.socket) -> bool:
    try:
        return sender.recv(100) == b""
    except ConnectionResetError:
        return True


def percentile(front: Front) -> float:
    """What the slowest but one in a hundred of 300 answers takes, in seconds."""
    times = []
    for _each in range(300):
        begun = time.monotonic()
        assert ask(front, "/en/").status == 200
        times.append(time.monotonic() - begun)
    return quantiles(times, n=100)[98]
