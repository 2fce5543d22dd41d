"""Asking other sites: politely, in bounded time, and never a network of ours. The other sites are threads on loopback."""

import socket
import ssl
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from conference_site.links import checking
from conference_site.links.checking import Run
from conference_site.links.external import LONGEST, Asker, is_public
from conference_site.links.models import Address, Outcome, Reason, State
from tests.links.servers import OK, body, serving, status


def asker(**changed) -> Asker:
    """Every name leads to loopback, which is let through as if it were the Internet."""
    given = {"seconds": 3, "ports": None, "resolve": lambda host, port: ["127.0.0.1"], "is_public": lambda ip: ip == "127.0.0.1"}
    return Asker(**given | changed)


def ask(url: str, **changed) -> tuple[str, str, str]:
    outcome = asker(**changed).ask(url)
    return str(outcome.state), str(outcome.reason), outcome.detail


WORKS = ("works", "", "")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (OK, WORKS),
        (status(204), WORKS),
        (status(404), ("broken", "not found", "404")),
        (status(410), ("broken", "not found", "410")),
        (status(500), ("broken", "error", "500")),
        (status(502), ("broken", "error", "502")),
        (status(401), ("unclear", "declined", "401")),
        (status(403), ("unclear", "declined", "403")),
        (status(429), ("unclear", "declined", "429")),
        (status(503), ("unclear", "declined", "503")),
        (status(999), ("unclear", "declined", "999")),
        (status(301), ("unclear", "declined", "301")),
        (b"SSH-2.0-OpenSSH\r\n", ("broken", "nonsense", "")),
        (b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200 + b"\r\n", ("broken", "nonsense", "")),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", ("broken", "nonsense", "")),
        (b"", ("broken", "nonsense", "")),
    ],
)
def test_what_an_answer_means(answer, expected):
    with serving({"/": answer or (lambda connection: None)}) as site:
        assert ask(site.url()) == expected


def test_head_is_asked_first_and_get_where_that_is_refused():
    with serving({"HEAD /a": OK, "HEAD /b": status(405), "GET /b": OK, "HEAD /c": status(404), "GET /c": OK}) as site:
        assert [ask(site.url(path)) for path in ("/a", "/b?q=ا#here", "/c")] == [WORKS, ("broken", "not found", "404"), WORKS]
        assert site.pages_asked() == [
            "HEAD /a",
            "HEAD /b?q=%D8%A7",
            "GET /b?q=%D8%A7",
            "HEAD /c",
            "GET /c",
        ]
        head = site.heads[-1]
    assert f"Host: site.example:{site.port}\r\n" in head
    assert "User-Agent: Mozilla/5.0 (compatible; ConferenceSite-LinkCheck/1.0; +http://localhost:8000)\r\n" in head
    assert "Cookie" not in head
    assert "Accept-Encoding: identity" in head


def test_redirects_are_followed_as_far_as_a_browser_would_bear():
    answers = {
        "/moved": status(301, Location="/moved-again"),
        "/moved-again": status(308, Location="/there"),
        "/for-now": status(302, Location="/there"),
        "/mixed": status(302, Location="/moved"),
        "/gone": status(301, Location="/nowhere"),
        "/loop": status(302, Location="/loop"),
        "/ftp": status(302, Location="ftp://site.example/"),
        "/odd": status(302, Location="http://[::1/"),
        "/nothing": status(301, Location="/th\x00ere"),
        "/user": status(302, Location="http://me:secret@site.example/"),
        "/there": OK,
    }
    with serving(answers) as site:
        assert {path: ask(site.url(path)) for path in answers} == {
            "/moved": ("remark", "redirect", site.url("/there")),
            "/moved-again": ("remark", "redirect", site.url("/there")),
            "/for-now": WORKS,
            "/mixed": WORKS,
            "/gone": ("broken", "not found", "404"),
            "/loop": ("unclear", "loop", ""),
            "/ftp": ("broken", "no address", ""),
            "/odd": ("broken", "no address", ""),
            "/nothing": ("remark", "redirect", site.url("/there")),
            "/user": ("unclear", "unusual", ""),
            "/there": WORKS,
        }
        assert site.asked.count("HEAD /loop") == 6


@pytest.mark.parametrize(
    ("ip", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("::1", False),
        ("::", False),
        ("::ffff:93.184.216.34", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::", False),
        ("2001::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("nonsense", False),
    ],
)
def test_only_the_internet_at_large_is_asked(ip, expected):
    assert is_public(ip) is expected


def test_nothing_is_sent_into_a_private_network():
    """By name, by number in any notation, by a redirect, by one bad address among good ones."""
    private = ("unclear", "private", "")
    with serving({"/": OK, "/inside": OK}) as inner:
        for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"):
            assert Asker(ports=None, seconds=3).ask(inner.url(host=host)).reason in (Reason.PRIVATE, Reason.NO_SITE), host
        assert ask(inner.url(), is_public=is_public) == private
        names = {"site.example": ["127.0.0.1"], "inside.example": ["127.0.0.2"], "both.example": ["127.0.0.1", "10.0.0.1"]}
        named = {"resolve": lambda host, port: names[host]}
        assert ask(inner.url("/", "inside.example"), **named) == private
        assert ask(inner.url("/", "both.example"), **named) == private
        assert inner.asked == []
        with serving({"/": status(302, Location=inner.url("/inside", "inside.example"))}) as site:
            assert ask(site.url(), **named) == private
        assert inner.asked == []


def test_a_name_that_changes_its_mind_leads_nowhere_else():
    """The address that was judged is the one that is connected to; for the next request the name is judged anew."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])
    with serving({"/": status(302, Location="/two"), "/two": OK}) as site:
        assert ask(site.url(), resolve=lambda host, port: next(answers)) == ("unclear", "private", "")
        assert site.asked == ["GET /robots.txt", "HEAD /"]


def test_only_the_usual_ports_are_asked():
    with serving({"/": OK}) as site:
        assert ask(site.url(), ports=(80, 443)) == ("unclear", "unusual", "")
        assert ask("http://user:word@site.example/") == ("unclear", "unusual", "")
        assert site.asked == []


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1/", "http://a b/", "https://x.example/" + "x" * LONGEST, "ftp://a.example/"]
)
def test_what_is_no_address(url):
    assert ask(url) == ("broken", "no address", "")


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving({"/": OK}) as site:
        assert ask(site.url()) == WORKS


def test_names_that_lead_nowhere_and_a_machine_without_a_network():
    def failing(problem: OSError):
        def resolve(host: str, port: int) -> list[str]:
            raise problem

        return resolve

    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    url = f"http://site.example:{closed}/"
    assert ask(url) == ("broken", "silent", "")
    assert ask(url, resolve=failing(socket.gaierror(socket.EAI_NONAME, "x"))) == ("broken", "no site", "")
    assert ask(url, resolve=failing(socket.gaierror(socket.EAI_AGAIN, "x"))) == ("unclear", "no network", "")
    assert ask(url, resolve=lambda host, port: time.sleep(2), seconds=0.2) == ("unclear", "no network", "")


def drip(pieces: bytes):
    def send(connection: socket.socket) -> None:
        for piece in pieces * 100:
            connection.sendall(bytes([piece]))
            time.sleep(0.05)

    return send


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _number in range(1_000):
        connection.sendall(b"x" * 1_000_000)


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"x"),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda connection: (connection.sendall(b"HTTP/1.1 200 OK\r\n"), drip(b"X: 1\r\n")(connection)),
        lambda connection: time.sleep(2),
    ],
    ids=["status", "continue", "headers", "silence"],
)
def test_what_takes_too_long_is_ended(answer):
    with serving({"/": answer}) as site:
        began = time.monotonic()
        assert ask(site.url(), seconds=0.6) == ("broken", "slow", "")
        assert time.monotonic() - began < 1.2


def test_of_a_page_nothing_is_read_and_of_rules_the_beginning():
    """Endless bodies, and those that unpack to something endless, are left where they are."""
    with serving({"/": flood, "/robots.txt": flood}) as site:
        began = time.monotonic()
        assert ask(site.url()) == WORKS
        assert time.monotonic() - began < 2
    bomb = body(b"\x1f\x8b" + b"\0" * 100_000, "Content-Encoding: gzip\r\n")
    with serving({"/": bomb, "/robots.txt": bomb}) as site:
        assert ask(site.url()) == WORKS


def test_a_site_may_ask_programs_to_stay_away():
    rules = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n"
    with serving({"/robots.txt": body(rules), "/": OK, "/private/": OK}) as site:
        one = asker()
        assert [str(one.ask(site.url(path)).reason) for path in ("/", "/private/")] == ["", "robots"]
        assert site.asked == ["GET /robots.txt", "HEAD /"]
        assert one.pause_for(site.url()) == 3.0
    own = b"User-agent: ConferenceSite-LinkCheck\nDisallow: /\n"
    with serving({"/robots.txt": status(301, Location="/rules"), "/rules": body(own), "/": OK}) as site:
        assert ask(site.url()) == ("unclear", "robots", "")
    with serving({"/robots.txt": status(500), "/": OK}) as site:
        assert ask(site.url()) == ("unclear", "robots", "")
    with serving({"/robots.txt": drip(b"x"), "/": OK}) as site:
        assert ask(site.url(), seconds=1) == WORKS


CERTIFICATE = Path(__file__).with_name("site.example.pem")
"""Of its own making, for site.example, with its key, which opens nothing else."""


def test_certificates_are_verified():
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    with serving({"/": OK}, server) as site:
        assert ask(site.url().replace("http", "https"), context=lambda: trusting) == WORKS
        assert site.heads[-1].startswith("HEAD / HTTP/1.1\r\nHost: site.example:")
        other = site.url(host="other.example").replace("http", "https")
        assert ask(other, context=lambda: trusting) == ("broken", "certificate", "")
        assert ask(site.url().replace("http", "https")) == ("broken", "certificate", "")


# Runs


def address(url: str, **fields) -> Address:
    return Address.objects.create(url=url, digest=Address.digest_of(url), is_internal=False, **fields)


def told(url: str) -> tuple[str, str]:
    row = Address.objects.get(url=url)
    return row.state, row.reason


@pytest.mark.django_db
def test_a_failure_is_called_broken_on_another_day():
    row, now = address("https://a.example/"), timezone.now()
    gone, works = Outcome(State.BROKEN, Reason.NOT_FOUND, "404"), Outcome(State.WORKS)
    states = []
    for hours, outcome in ((0, gone), (1, gone), (21, gone), (22, works), (23, gone), (50, gone)):
        row.note(outcome, now + timedelta(hours=hours))
        states.append(row.state)
    assert states == ["failing", "failing", "broken", "works", "failing", "broken"]
    assert (row.failing_since, row.why) == (
        now + timedelta(hours=23),
        "The site says that it has no such page (\u2068404\u2069).",
    )


@pytest.mark.django_db
def test_a_run_asks_each_site_with_pauses_and_ends_in_time():
    with serving({"/1": OK, "/2": OK, "/3": status(404)}) as one, serving({"/": OK}) as two:
        names = {"resolve": lambda host, port: ["127.0.0.1"]}
        urls = [one.url("/1"), one.url("/2"), one.url("/3"), two.url(host="two.example")]
        waits = []
        run = Run(60, asker(**names), sleep=waits.append)
        run.ask([address(url) for url in urls])
        assert [each.url for each, _outcome in run.found] == [urls[0], urls[3], urls[1], urls[2]]
        assert [round(wait) for wait in waits] == [0, 0, 1, 1]
        assert [told(url) for url in urls] == [("works", ""), ("works", ""), ("failing", "not found"), ("works", "")]
        late = Run(0.5, asker(**names), sleep=lambda seconds: time.sleep(0.6 if seconds else 0))
        late.ask(Address.objects.all())
        assert len(late.found) < 4


@pytest.mark.django_db
def test_where_nobody_answers_no_site_is_blamed():
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "x")

    urls = ["https://a.example/", "https://b.example/"]
    Run(10, asker(resolve=nowhere), sleep=lambda seconds: None).ask([address(url) for url in urls])
    assert [told(url) for url in urls] == [("unclear", "no network")] * 2
    Run(10, asker(resolve=nowhere)).ask(Address.objects.filter(url=urls[0]))
    assert told(urls[0]) == ("failing", "no site")


@pytest.mark.django_db
def test_what_is_asked_again_when():
    now = timezone.now()
    for name, state, hours in (
        ("new", "", None),
        ("failed lately", "failing", 3),
        ("failed yesterday", "failing", 22),
        ("broken since", "broken", 22),
        ("works", "works", 30),
        ("worked a week ago", "works", 200),
    ):
        address(f"https://a.example/{name}", state=state, checked_at=hours and now - timedelta(hours=hours))
    assert [row.url.rsplit("/", 1)[1] for row in checking.due()] == [
        "new",
        "worked a week ago",
        "failed yesterday",
        "broken since",
    ]


@pytest.mark.django_db
def test_other_sites_are_asked_only_where_the_site_says_so(settings, monkeypatch):
    asked = []
    monkeypatch.setattr(checking.Run, "ask", lambda self, addresses: asked.extend(addresses))
    settings.CHECK_EXTERNAL_LINKS = True
    checking.ask_due()
    assert asked == []
    row = address("https://a.example/")
    settings.CHECK_EXTERNAL_LINKS = False
    checking.ask_due()
    assert asked == []
    settings.CHECK_EXTERNAL_LINKS = True
    checking.ask_due()
    assert asked == [row]
