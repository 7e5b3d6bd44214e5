"""E-mail by SMTP (RFC 5321), always encrypted: by STARTTLS, or from the first byte."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from lms.core import clock
from lms.notices.channels.letter import PATIENCE, Letter, NotSent, Unsure

STARTTLS, TLS = "starttls", "tls"
PORTS = {STARTTLS: 587, TLS: 465}


@dataclass(frozen=True)
class SmtpChannel:
    """A mail server and who writes."""

    host: str
    port: int
    security: str
    sender: str
    sender_name: str
    username: str = ""
    password: str = field(default="", repr=False)
    patience: float = PATIENCE

    def send(self, letter: Letter) -> None:
        server = self._connect()
        try:
            self._introduce(server)
            self._hand_over(server, letter)
            _take_leave(server)
        except ssl.SSLError as error:
            raise NotSent("tls") from error
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent("login") from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NotSent("tls", final=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _silence(error) from error
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            if self.security == TLS:
                context = ssl.create_default_context()
                return smtplib.SMTP_SSL(self.host, self.port, timeout=self.patience, context=context)
            return smtplib.SMTP(self.host, self.port, timeout=self.patience)
        except ssl.SSLError as error:
            raise NotSent("tls") from error
        except smtplib.SMTPConnectError as error:
            raise _refusal(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _silence(error) from error

    def _introduce(self, server: smtplib.SMTP) -> None:
        if self.security != TLS:
            server.starttls(context=ssl.create_default_context())
        if self.username:
            server.login(self.username, self.password)

    def _hand_over(self, server: smtplib.SMTP, letter: Letter) -> None:
        """The letter itself. From its last line on, silence no longer means that it did not leave."""
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(self.sender), 250)
        _expect(server.rcpt(letter.to), 250, 251)
        _expect(server.docmd("DATA"), 354)
        body = re.sub(rb"(?m)^\.", b"..", self._compose(letter))
        server.send(body + b".\r\n")
        try:
            answer = server.getreply()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Unsure("unsure") from error
        _expect(answer, 250)

    def _compose(self, letter: Letter) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.sender_name, addr_spec=self.sender)
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<outbox-{letter.number}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="base64")
        return message.as_bytes()


def _take_leave(server: smtplib.SMTP) -> None:
    """The letter was accepted: how the farewell goes changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()


def _silence(error: Exception) -> NotSent:
    """smtplib reports a server that does not answer in time as one that hung up."""
    slow = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
    return NotSent("slow" if slow else "unreachable")


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise _refusal(answer[0])


def _refusal(code: int) -> NotSent:
    """4xx: come back later. 5xx: never."""
    return NotSent("refused", final=True) if 500 <= code < 600 else NotSent("busy")
