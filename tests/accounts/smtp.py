"""A mail server on loopback, which takes mail, refuses people, or never says a word."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if self.server.is_silent:
            self.server.ended.wait()
            return
        self.say("220 here")
        while line := self.rfile.readline():
            word = line.split(b":")[0].strip().upper()
            if word == b"DATA":
                self.say("354 go on")
                self.server.taken.append(message_from_bytes(self.message(), policy=policy.default))
                self.server.pause()
            if word == b"QUIT":
                self.say("221 bye")
                return
            refused = word == b"RCPT TO" and any(name.encode() in line for name in self.server.refused)
            self.say("550 nobody of that name" if refused else "250 fine")

    def message(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    is_silent = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.taken: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.ended = threading.Event()
        self.pause = lambda: None

    @property
    def to(self) -> list[str]:
        """Whose mail was taken."""
        return sorted(message["To"] for message in self.taken)

    def mailers(self, timeout: float = 5) -> dict:
        options = {"host": "127.0.0.1", "port": self.server_address[1], "timeout": timeout}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


@contextmanager
def running() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()
