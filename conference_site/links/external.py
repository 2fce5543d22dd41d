"""Asks another site whether an address of it leads anywhere: politely, and without being led into a network of ours.

Editors write the addresses, and other sites answer with redirects; neither is trusted. A name is resolved once for each request,
what comes of it is judged, and the connection is made to just that, so that a name can't lead elsewhere the second time. Nothing
of an answer is read but its status and headers, and the beginning of a robots.txt. A clock ends whatever takes longer.
"""

import http.client
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network
from threading import Thread, Timer
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.utils.encoding import iri_to_uri

from conference_site.links.models import Outcome, Reason, State

NAME = "ConferenceSite-LinkCheck"
MOST_REDIRECTS = 5
HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+", re.ASCII)
LONGEST = 4_000  # characters of an address
ROBOTS_BYTES = 500 * 1024  # as much as RFC 9309 asks for
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
GONE = {404, 410}
FAILED = {500, 502, 504}
SELF_SIGNED_AND_LIKE = {10, 18, 19, 62}
"""What OpenSSL finds wrong with a certificate that no browser takes: expired, self-signed, of another host. Others may be chains
that browsers complete."""

REFUSED = [
    ip_network(network)
    for network in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "fec0::/10",
        "192.88.99.0/24",
    )
]
"""Beside what is private, loopback, link-local …: ways to write an IPv4 address as an IPv6 one, and to come to it by a relay."""

CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class Halt(Exception):  # noqa: N818 – no error: it says what the check has found
    """The check ends here, with this outcome."""

    def __init__(self, state: State, reason: Reason, detail: object = "") -> None:
        super().__init__(reason)
        self.outcome = Outcome(state, reason, str(detail))


class Answer(NamedTuple):
    status: int
    location: str
    body: bytes


class Target(NamedTuple):
    """An address as it is asked for."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def site(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the Internet at large."""
    try:
        address = ip_address(ip)
    except ValueError:  # with a zone: of a local network
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in REFUSED)


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(sockaddr[0] for *_rest, sockaddr in found))


@cache
def trusted() -> ssl.SSLContext:
    """The machine's own authorities, read once."""
    return ssl.create_default_context()


def user_agent() -> str:
    """Who asks, and whom to write to."""
    sender = settings.DEFAULT_FROM_EMAIL
    contact = "" if sender.startswith("noreply@") else f"; {sender}"
    return f"Mozilla/5.0 (compatible; {NAME}/1.0; +{settings.SITE_URL}{contact})"


@dataclass
class Asker:
    """Asks one address after another. What tests replace stands in the fields."""

    seconds: float = 15.0
    """For one address, with all its redirects."""
    ports: tuple[int, ...] | None = (80, 443)
    resolve: Callable[[str, int], list[str]] = resolve
    is_public: Callable[[str], bool] = is_public
    context: Callable[[], ssl.SSLContext] = trusted
    robots: dict[str, RobotFileParser | None] = field(default_factory=dict)

    def ask(self, url: str) -> Outcome:
        """What became of one attempt. Never raises, and takes little longer than ``seconds``."""
        ends = time.monotonic() + self.seconds
        try:
            return self._follow(url, ends)
        except Halt as halt:
            return halt.outcome
        except (UnicodeError, ValueError):  # an address, of ours or in a redirect, that isn't one
            return Outcome(State.BROKEN, Reason.NO_ADDRESS)

    def pause_for(self, url: str) -> float:
        """Seconds that a site wants between two questions, within reason."""
        try:
            rules = self.robots.get(self._target(url).site)
        except (Halt, ValueError):
            rules = None
        return min(10.0, max(1.0, float((rules and rules.crawl_delay(NAME)) or 0)))

    def _follow(self, url: str, ends: float) -> Outcome:
        is_permanent, last = True, url
        for _hop in range(MOST_REDIRECTS + 1):
            target = self._target(last)
            self._heed_robots(target, ends)
            answer = self._answer(target, ends)
            if answer.status not in REDIRECTS or not answer.location:
                return _judged(answer.status, url, last, is_permanent)
            is_permanent = is_permanent and answer.status in PERMANENT
            last = urljoin(target.url, answer.location)
        raise Halt(State.UNCLEAR, Reason.LOOP)  # often for want of a cookie, which a browser would send

    def _target(self, url: str) -> Target:
        parts = urlsplit(iri_to_uri(url))
        if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > LONGEST:
            raise Halt(State.BROKEN, Reason.NO_ADDRESS)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        if parts.username is not None or parts.password is not None or (self.ports and port not in self.ports):
            raise Halt(State.UNCLEAR, Reason.UNUSUAL)
        host = urlsplit(url).hostname
        host = host if ":" in host else host.encode("idna").decode()
        if not HOST.fullmatch(host):
            raise Halt(State.BROKEN, Reason.NO_ADDRESS)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(parts._replace(fragment="").geturl(), parts.scheme, host, port, path)

    def _answer(self, target: Target, ends: float) -> Answer:
        """To HEAD, else to GET, which some sites answer alone."""
        try:
            answer = self._request("HEAD", target, time.monotonic() + (ends - time.monotonic()) / 2)
            if answer.status < 400:
                return answer
        except Halt as halt:
            if halt.outcome.reason not in (Reason.NONSENSE, Reason.SLOW):
                raise
        return self._request("GET", target, ends)

    def _heed_robots(self, target: Target, ends: float) -> None:
        if target.site not in self.robots:
            self.robots[target.site] = self._rules(target, ends)
        rules = self.robots[target.site]
        if rules and not rules.can_fetch(NAME, target.url):
            raise Halt(State.UNCLEAR, Reason.ROBOTS)

    def _rules(self, target: Target, ends: float) -> RobotFileParser | None:
        """None where there are none. A site that fails to say them is asked no more; a silent one is found to be so anyway."""
        place, limit = target._replace(path="/robots.txt"), time.monotonic() + (ends - time.monotonic()) / 3
        rules = RobotFileParser()
        try:
            for _hop in range(MOST_REDIRECTS + 1):
                answer = self._request("GET", place, limit, ROBOTS_BYTES)
                if answer.status not in REDIRECTS or not answer.location:
                    break
                place = self._target(urljoin(f"{place.site}{place.path}", answer.location))
        except (Halt, ValueError):
            return None
        if answer.status >= 500:
            rules.disallow_all = True
        elif answer.status == 200:
            rules.parse(answer.body.decode("utf-8", "replace").splitlines())
        else:
            return None
        return rules

    def _request(self, method: str, target: Target, ends: float, most_bytes: int = 0) -> Answer:
        connection = Connection(target, self._addresses(target, ends), ends, self.context)
        try:
            connection.request(method, target.path, headers={"User-Agent": user_agent(), "Accept": "*/*", "Connection": "close"})
            response = connection.getresponse()
            if time.monotonic() >= ends:  # else headers that were cut off would pass for all of them
                raise TimeoutError
            body = b"".join(_pieces(response, most_bytes)) if most_bytes and response.status == 200 else b""
            return Answer(response.status, _location(response), body)
        except ssl.SSLCertVerificationError as problem:
            is_wrong = problem.verify_code in SELF_SIGNED_AND_LIKE
            raise (Halt(State.BROKEN, Reason.CERTIFICATE) if is_wrong else Halt(State.UNCLEAR, Reason.CHAIN)) from None
        except (OSError, http.client.HTTPException) as problem:
            raise self._halt(problem, connection, ends) from None
        finally:
            connection.close()

    def _halt(self, problem: Exception, connection: "Connection", ends: float) -> Halt:
        if time.monotonic() >= ends or isinstance(problem, TimeoutError):
            return Halt(State.BROKEN, Reason.SLOW)
        if connection.is_open:
            return Halt(State.BROKEN, Reason.NONSENSE)
        is_here = getattr(problem, "errno", None) in NOT_FROM_HERE
        return Halt(State.UNCLEAR, Reason.NO_NETWORK) if is_here else Halt(State.BROKEN, Reason.SILENT)

    def _addresses(self, target: Target, ends: float) -> list[str]:
        """Where the name leads, of which each may be connected to."""
        try:
            found = in_time(lambda: self.resolve(target.host, target.port), ends)
        except TimeoutError:
            raise Halt(State.UNCLEAR, Reason.NO_NETWORK) from None
        except socket.gaierror as problem:
            is_known = problem.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
            raise (Halt(State.BROKEN, Reason.NO_SITE) if is_known else Halt(State.UNCLEAR, Reason.NO_NETWORK)) from None
        except OSError:
            raise Halt(State.UNCLEAR, Reason.NO_NETWORK) from None
        if not found or not all(self.is_public(ip) for ip in found):
            raise Halt(State.UNCLEAR, Reason.PRIVATE)
        return found[:3]


NOT_FROM_HERE = {101, 113, 13, 1, 99}
"""ENETUNREACH, EHOSTUNREACH, EACCES, EPERM, EADDRNOTAVAIL: this machine's own network, or what guards it, says no."""


class Connection(http.client.HTTPConnection):
    """To one of these IP addresses and to nowhere else, under the target's name, until the clock says ``ends``.

    Python's own time-outs begin anew with each byte, so a timer ends the connection; no proxy of the environment is asked.
    """

    is_open = False

    def __init__(self, target: Target, ips: list[str], ends: float, context: Callable[[], ssl.SSLContext]) -> None:
        default = {"http": 80, "https": 443}[target.scheme]
        super().__init__(target.host, target.port)
        self.default_port = default  # so that the Host header names only an unusual one
        self._target, self._ips, self._ends, self._context = target, ips, ends, context
        self._timer: Timer | None = None

    def connect(self) -> None:
        problem: OSError = TimeoutError()
        for place, ip in enumerate(self._ips, 1):
            left = self._ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                self.sock = socket.create_connection((ip, self.port), timeout=left / (len(self._ips) - place + 1))
                break
            except OSError as error:
                problem = error
        else:
            raise problem
        self.is_open = True
        left = max(0.01, self._ends - time.monotonic())
        self.sock.settimeout(left)
        self._timer = Timer(left, self._cut)
        self._timer.daemon = True
        self._timer.start()
        if self._target.scheme == "https":
            self.sock = self._context().wrap_socket(self.sock, server_hostname=self._target.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        super().close()

    def _cut(self) -> None:
        try:
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except (OSError, TypeError):  # closed meanwhile
            return


def in_time[Result](work: Callable[[], Result], ends: float) -> Result:
    """What ``work`` returns, unless it takes too long (TimeoutError): then it goes on by itself, and nobody waits for it."""
    future: Future = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as problem:  # noqa: BLE001 – whoever waits gets it
            future.set_exception(problem)

    Thread(target=run, daemon=True).start()
    return future.result(max(0.01, ends - time.monotonic()))


def _pieces(response: http.client.HTTPResponse, most: int) -> Iterator[bytes]:
    """The beginning of the answer, as it is sent: what is compressed stays so."""
    while most > 0 and (piece := response.read1(min(most, 65_536))):
        most -= len(piece)
        yield piece


def _location(response: http.client.HTTPResponse) -> str:
    """Where a redirect leads, without what no address holds: PostgreSQL would refuse to keep it."""
    location = (response.getheader("Location") or "").encode("latin-1", "replace").decode("utf-8", "replace")
    return CONTROLS.sub("", location).strip()


def _judged(status: int, url: str, last: str, is_permanent: bool) -> Outcome:
    if status in GONE:
        return Outcome(State.BROKEN, Reason.NOT_FOUND, str(status))
    if status in FAILED:
        return Outcome(State.BROKEN, Reason.ERROR, str(status))
    if status >= 400 or status in REDIRECTS:
        return Outcome(State.UNCLEAR, Reason.DECLINED, str(status))
    is_moved = is_permanent and urlsplit(last)._replace(fragment="") != urlsplit(url)._replace(fragment="")
    return Outcome(State.REMARK, Reason.REDIRECT, last) if is_moved else Outcome(State.WORKS)
