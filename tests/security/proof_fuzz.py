"""`make proof-security`: thousands of requests that mean nothing, to every address of the site, and to the desk's forms.

    python -m tests.security.proof_fuzz        SEED=, REQUESTS=, FORMS= for another run

None may be answered by a fault or leave a traceback in the log; nothing that was sent may come back as markup; the memory of the
web server's processes may not grow from one half of the run to the other.
"""

import os
import random
import re
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tests.delivery.running import HOST, Database, Host, hosts

SEED = int(os.environ.get("SEED") or 20261128)
REQUESTS = int(os.environ.get("REQUESTS") or 10_000)
FORMS = int(os.environ.get("FORMS") or 2_000)
GROWTH = 1.1
"""By so much may memory be more at the end than after half of the requests."""
SENT = "zq<w'\"x>"
"""Stands in much of what is sent: where it comes back as it is, somebody's markup would."""
NASTY = [
    "", "0", "-1", "1e999", "NaN", "9" * 40, "2147483648", "9223372036854775808", "٣", "2026-02-30", "null", "[]", "{}", "true",
    SENT, f"<script>{SENT}</script>", f"\"onload={SENT}", f"';--{SENT}", "' OR 1=1--", "%s%n%x", "{{7*7}}", "${7*7}",
    "{0.__class__}",
    "../../../etc/passwd", "..\\..\\windows", "/etc/passwd\0.png", "file:///etc/passwd", "//evil.example", "https://evil.example/",
    "\0", "\r\nX-Evil: 1", "\u202e\u2066\u200f", "\u0301" * 500, "ﷺ" * 200, "\ud7ff\ufffe", "a" * 5_000, "ا" * 3_000,
    "\u1f600", "🏳️‍🌈",
    "(a+)+$", "a" * 200 + "!", "((((((((((", '"' * 99, "*" * 50, "-" * 50, "AND OR NOT", "\t\v\f", " " * 300, "İıſK", "e\u0301",
]  # fmt: skip
RAW = [
    "%00", "%", "%zz", "%u0041", "%c0%ae%c0%ae/", "%e0%80%af", "%ff%fe", "%2e%2e%2f", "%252e%252e%252f", "%2f%2f", "%5c", "..;/",
    "%0d%0aX-Evil:1", "%e2%80%ae", "%3Cscript%3E", "%f0%9f%8f%b3", "+", ";", "//", "/./", "/../", "%20", "%23", "%3f", "%26",
    "~", "'",
]  # fmt: skip
NAMES = [
    "q",
    "page",
    "before",
    "after",
    "kind",
    "language",
    "next",
    "from",
    "to",
    "width",
    "o",
    "p",
    "e",
    "_popup",
    "_to_field",
    "id__in",
    "x",
]
OTHERS = ["OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "PURGE", "CONNECT", "get", "Ü", "A" * 40]
METHODS = ["GET"] * 30 + ["HEAD"] * 6 + ["POST"] * 6 + OTHERS
HEADERS = {
    "Accept-Language": ["ar", "en-GB,en;q=0.9", "*", "a" * 3_000, "ar;q=nan", ",,;;q=", "zz-\u0661"],
    "Accept-Encoding": ["br", "gzip;q=0", "*;q=0", "br;q=1e9, gzip", "\x7f", "identity;q=0, *;q=0"],
    "Cookie": ["session=x", "session=" + "a" * 4_000, '__Host-session=../x; csrf="', ";;;=;", "session=\xff\xfe", "a=b; " * 300],
    "Host": ["evil.example", "localhost:99999", "localhost, evil.example", "[::1", "", "a" * 300, "localhost\t", "xn--\xff"],
    "If-None-Match": ["*", '"' + "x" * 4_000, 'W/"x", ' * 300, "\\"],
    "If-Modified-Since": ["Sat, 99 Nov 2026 99:99:99 GMT", "0", "9" * 99],
    "Range": ["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=" + "0-0," * 500, "bytes=0-" + "9" * 40, "x=1"],
    "If-Range": ['"x"', "0"],
    "X-Forwarded-For": ["1.2.3.4, ::1, x", "a" * 3_000, "127.0.0.1"],
    "X-Forwarded-Proto": ["https", "javascript", "https,http"],
    "X-Forwarded-Host": ["evil.example"],
    "X-Request-ID": ["a" * 64, "x\ty", "<b>", "../../x"],
    "X-HTTP-Method-Override": ["DELETE"],
    "Content-Type": [
        "application/json",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x",
        "text/xml",
        "x/y; charset=utf-99",
    ],
    "Referer": [f"https://evil.example/{SENT}"],
    "Origin": ["null", "https://evil.example"],
    "User-Agent": [SENT, "", "\xff" * 200],
    "Authorization": ["Basic !!!!", "Bearer " + "x" * 2_000],
    "Expect": ["100-continue", "x"],
    "Upgrade": ["h2c"],
}
BODIES = [
    b"", b"\0" * 500, b"a=b&" * 3_000, b"{", b'{"a":' * 2_000, b"%", b"=&=&=",
    b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="../\0x"\r\nContent-Type: a/b\r\n\r\n\xff\r\n--x--',
    b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>", "csrfmiddlewaretoken=ا".encode(),
]  # fmt: skip


OF_AN_ITEM = ["change", "delete", "publish", "review", "translation", "prominence", "preview"]


class Answer(NamedTuple):
    status: int
    head: str
    body: str


def main() -> None:
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Database(folder), hosts(folder, number=1) as [host]:
            faults = fuzz(host, public_requests(chance), REQUESTS, "any address")
            faults += fuzz(host, form_requests(chance, host), FORMS, "forms of the desk")
            log = host.log()
    faults += [f"in the log: {each}" for each in re.findall(r"(?m)^.*\bERROR\b.*$|^Traceback(?:\n .*)+\n.*$", log)]
    print("\n".join(faults[:40]) or f"no fault (seed {SEED})")
    sys.exit(bool(faults))


def fuzz(host: Host, requests: Iterator[bytes], number: int, what: str) -> list[str]:
    """What is wrong with the answers; says how they were, and how many led to the page to sign in."""
    statuses, faults, memory = Counter(), [], []
    for turn in range(number):
        if turn in (number // 2, number - 1):
            memory.append(sum(child.memory_info().rss for child in host.children()))
        request = next(requests)
        answer = ask(host.port, request)
        statuses[answer.status] += 1
        statuses["to sign in"] += answer.status == 302 and "/admin/login/" in answer.head
        if not 200 <= answer.status < 500 or SENT in answer.body or "Traceback" in answer.body or "\nX-Evil" in answer.head:
            faults.append(f"{answer.status} for {request[:300]!r}")
    half, end = memory
    said = f"memory {half / 1e6:.0f} MB after half, {end / 1e6:.0f} MB at the end"
    print(f"{what}: {number} requests, {dict(statuses)}; {said}", flush=True)
    return faults + ([f"{what}: memory has grown"] if end > half * GROWTH else [])


def ask(port: int, request: bytes) -> Answer:
    """One request on a connection of its own. A connection that is ended without a word counts as status 0."""
    with socket.create_connection(("127.0.0.1", port), timeout=15) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        except (ConnectionResetError, BrokenPipeError):  # what is refused before all of it has been sent
            return Answer(400, "", "")
    received = received.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    head, _blank, body = received.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.[01] (\d{3})", head)
    return Answer(int(status[1]) if status else 0, head.decode("latin-1"), body.decode("utf-8", "replace"))


# To any address


def public_requests(chance: random.Random) -> Iterator[bytes]:
    from conference_site.languages.content import codes
    from tests.routes import routes

    known = [route for language in codes() for route, _pattern in routes(language)]
    while True:
        path = changed(chance, filled(chance, chance.choice(known)))
        if chance.random() < 0.6:
            path += "?" + query(chance)
        method, headers, body = chance.choice(METHODS), {"Host": HOST, "Connection": "close"}, b""
        for name in chance.sample(sorted(HEADERS), chance.choice((0, 0, 1, 2, 4))):
            headers[name] = chance.choice(HEADERS[name])
        if method not in ("GET", "HEAD") or chance.random() < 0.05:
            body = chance.choice(BODIES)
            headers["Content-Length"] = str(len(body))
        yield written(method, path, headers, body)


def filled(chance: random.Random, route: str) -> str:
    def value(_found: re.Match) -> str:
        known = ["1", "2026", "goals", "one", "news_item", "x", "ar"]
        return quote(chance.choice(known if chance.random() < 0.4 else NASTY), safe="/" if chance.random() < 0.3 else "")

    return re.sub(r"<[^<>]+>|\(\?P.*\)\$?|\\Z|\$$", value, route)


def changed(chance: random.Random, path: str) -> str:
    if chance.random() < 0.3:
        place = chance.randrange(len(path) + 1)
        path = path[:place] + chance.choice(RAW) + path[place:]
    return path[:7_000]


def query(chance: random.Random) -> str:
    pairs = [(chance.choice(NAMES), chance.choice(NASTY)) for _each in range(chance.choice((1, 1, 2, 5)))]
    asked = urlencode(pairs)
    return (asked if chance.random() < 0.7 else asked + chance.choice(RAW))[:7_500]


def written(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body


# To the forms of the desk


class Fields(HTMLParser):
    """The fields of a page, and what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list) -> None:
        said = dict(attributes)
        if tag == "select":
            self._select = said.get("name") or ""
        name = said.get("name") if tag in ("input", "textarea", "button", "select") else self._select if tag == "option" else None
        if name and (tag != "option" or "selected" in said):
            self.found[name] = said.get("value") or ""


def form_requests(chance: random.Random, host: Host) -> Iterator[bytes]:
    cookie, pages = signed_in(), []
    for path in desk_pages():
        answer = ask(host.port, written("GET", path, {"Host": HOST, "Connection": "close", "Cookie": cookie}, b""))
        fields = Fields()
        fields.feed(answer.body)
        if answer.status == 200 and "csrfmiddlewaretoken" in fields.found:
            token = re.search(r"[Ss]et-[Cc]ookie: (csrf=[^;]+)", answer.head)
            pages.append((path, fields.found, f"{cookie}; {token[1]}" if token else cookie))
    print(f"{len(pages)} forms of the desk")
    while True:
        path, fields, cookies = chance.choice(pages)
        sent = dict(fields)
        for name in chance.sample(sorted(sent), min(len(sent), chance.choice((1, 2, 5, 40)))):
            if name != "csrfmiddlewaretoken":
                sent[name] = chance.choice(NASTY)
        for name in chance.sample(sorted(sent), min(len(sent), chance.choice((0, 0, 1)))):
            if name != "csrfmiddlewaretoken":
                del sent[name]
        if chance.random() < 0.1:
            sent[chance.choice(["is_superuser", "_publish", "groups", "action", "_save", "author", "pk"])] = chance.choice(NASTY)
        body = urlencode(sent).encode()
        headers = {"Host": HOST, "Connection": "close", "Cookie": cookies, "Content-Length": str(len(body))}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        yield written("POST", path, headers, body)


def signed_in() -> str:
    """The cookie of an administrator's session."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    User.objects.create_user("somebody", is_staff=True)  # the first one, whom the forms change and delete
    client.force_login(User.objects.create_superuser("fuzz", "fuzz@example.org", "correct horse battery"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def desk_pages() -> list[str]:
    """The pages of the desk that have forms: to add, to change, and what else can be done with an item."""
    from django.contrib import admin
    from django.urls import NoReverseMatch, reverse
    from django.utils import translation

    found = []
    for language in ("ar", "en"):
        with translation.override(language):
            found += [reverse(f"admin:{name}") for name in ("settings", "spreadsheet", "find", "board")]
            found.append(reverse("account_reset_password"))
            for model in admin.site._registry:
                name, item = f"{model._meta.app_label}_{model._meta.model_name}", model._default_manager.order_by("pk").first()
                views = {"add": [], "changelist": []}
                if item:
                    views |= {view: [item.pk] for view in OF_AN_ITEM}
                for view, arguments in views.items():
                    try:
                        found.append(reverse(f"admin:{name}_{view}", args=arguments))
                    except NoReverseMatch:
                        continue
    return found


if __name__ == "__main__":
    main()
