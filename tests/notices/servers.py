"""Servers that speak the protocols of the channels, on this machine, behind TLS, as well or as badly as a test asks."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "localhost"


def write_certificate(folder: Path) -> Path:
    """A certificate for this machine that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    return path


def context_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@dataclass
class MailServer:
    """Speaks enough SMTP; `answers` replaces what it says to a command, and None means that it says nothing."""

    certificate: Path
    answers: dict[str, str | None] = field(default_factory=dict)
    #: after this command it hangs up without a farewell
    drops_after: str = ""
    port: int = 0
    received: list[Message] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def serve(self, connection: socket.socket, over: threading.Event) -> None:
        connection.settimeout(10)
        with ExitStack() as opened, suppress(OSError, ValueError):
            self._talk(opened, opened.enter_context(connection), over)

    def _talk(self, opened: ExitStack, connection: socket.socket, over: threading.Event) -> None:
        lines = opened.enter_context(connection.makefile("rb"))
        if not self._say(connection, "CONNECT", "220 localhost", over):
            return
        while line := lines.readline():
            word = line.decode().strip().partition(" ")[0].upper()
            self.commands.append(word)
            if word == "RCPT":
                self.recipients.append(line.decode().strip())
            reply = {"EHLO": "250-localhost\r\n250-STARTTLS\r\n250 AUTH PLAIN", "STARTTLS": "220 go ahead",
                     "AUTH": "235 welcome", "DATA": "354 go ahead", "QUIT": "221 bye"}.get(word, "250 ok")  # fmt: skip
            if not self._say(connection, word, reply, over):
                return
            if word == "STARTTLS":
                wrapped = context_of(self.certificate).wrap_socket(connection, server_side=True)
                connection = opened.enter_context(wrapped)
                lines = opened.enter_context(connection.makefile("rb"))
            elif word == "DATA" and self.answers.get("DATA", "354").startswith("354"):  # type: ignore[union-attr]
                self.received.append(message_from_bytes(b"".join(iter(lines.readline, b".\r\n")), policy=default))
                if not self._say(connection, ".", "250 accepted", over):
                    return

    def _say(self, connection: Any, word: str, reply: str, over: threading.Event) -> bool:
        said = self.answers.get(word, reply)
        if said is None:
            over.wait(10)
            return False
        if said:
            connection.sendall(said.encode() + b"\r\n")
        return bool(said) and self.drops_after != word


@contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]

        talks: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _address = listener.accept()
                    talks.append(threading.Thread(target=server.serve, args=(connection, over), daemon=True))
                    talks[-1].start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            for one in (thread, *talks):
                one.join(5)


@dataclass
class Robot:
    """The group robot's end: keeps what was posted, and answers as it is told."""

    reply: Callable[[BaseHTTPRequestHandler], None]
    port: int = 0
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"{HOST}:{self.port}"


def says(body: object, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return reply


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


@contextmanager
def robot(certificate: Path, reply: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Robot]:
    made = Robot(reply)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            made.posted.append((self.path, json.loads(self.rfile.read(length))))
            with suppress(OSError):
                made.reply(self)

        def log_message(self, *_words: Any) -> None:
            """Tests are quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_given: Any) -> None:
            """A client that hangs up is part of a test."""

    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context_of(certificate).wrap_socket(server.socket, server_side=True)
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
    thread.join(5)
