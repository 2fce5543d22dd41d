"""Other sites, on loopback: each a thread, ended with the test."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Site:
    """Answers each path with the bytes, or the pieces, that stand for it; ``asked`` are the request lines that came."""

    def __init__(
        self, answers: dict[str, bytes | Callable[[socket.socket], None]], context: ssl.SSLContext | None = None
    ) -> None:
        self.context = context
        self.answers, self.asked, self.heads = answers, [], []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.is_over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", host: str = "site.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def pages_asked(self) -> list[str]:
        return [line for line in self.asked if "robots.txt" not in line]

    def _serve(self) -> None:
        while not self.is_over.is_set():
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            try:
                if self.context:
                    connection = self.context.wrap_socket(connection, server_side=True)
                head = b""
                while b"\r\n\r\n" not in head and (piece := connection.recv(65_536)):
                    head += piece
                line = head.decode("latin-1").split("\r\n")[0]
                if not line:
                    return
                self.asked.append(line.rsplit(" ", 1)[0])
                self.heads.append(head.decode("latin-1"))
                method, path = line.split(" ")[:2]
                found = self.answers.get(f"{method} {path}") or self.answers.get(path)
                if callable(found):
                    found(connection)
                else:
                    connection.sendall(found or status(404))
            except OSError:  # whoever asked has gone
                return


def status(number: int, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {number} X", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "Content-Length: 0", "Connection: close", "", ""]).encode()


def body(content: bytes, headers: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\n{headers}Connection: close\r\n\r\n".encode() + content


@contextmanager
def serving(answers: dict, context: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site(answers, context)
    try:
        yield site
    finally:
        site.is_over.set()
        site.socket.close()
