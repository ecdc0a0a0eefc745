"""Talk to the mail server: one connection for many letters, and what became of each."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from directory.letters.write import one_line
from directory.models import OutboxMessage

LONGEST_ERROR = 300
TOO_LARGE = 552
# Folded at 78 characters, a long link in a header would be written in a code that few programs read there.
WIRE = SMTP.clone(max_line_length=998, cte_type="7bit")


@dataclass(frozen=True)
class MailSettings:
    """Where letters are handed over, by whom, and how the talk is kept: none, starttls or tls.

    `timeout_seconds` is the wait for each answer. `tls` is for a server with a certificate of its own.
    """

    host: str
    port: int
    sender: str
    name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "none"
    timeout_seconds: float = 30.0
    tls: ssl.SSLContext | None = None


class UnreachableError(Exception):
    """The server cannot be reached, or will have nothing to do with us: no letter is to blame."""


class NotNowError(Exception):
    """The server did not take this letter now; it may later."""


class RefusedError(Exception):
    """The server will not take this letter, however often it is asked."""


class MailServer:
    """A connection to the mail server, opened when the first letter goes."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self._connection: smtplib.SMTP | None = None

    def hand_over(self, message: OutboxMessage) -> None:
        """Hand a letter over. Raises UnreachableError, NotNowError or RefusedError."""
        content = self._content(message)
        connection = self._open()
        try:
            connection.send_message(content, self.settings.sender, [message.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _about_the_letter(code, said) from error
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == TOO_LARGE:
                raise _about_the_letter(error.smtp_code, error.smtp_error) from error
            # It would refuse every letter of ours: that is a matter of the settings.
            self.close()
            raise UnreachableError(_words(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPDataError as error:
            raise _about_the_letter(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise RefusedError(cut(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            # Cut in the middle: nobody knows whether it was taken. The second try has the same Message-ID.
            self._drop()
            raise NotNowError(cut(error)) from error

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._drop()
        self._connection = None

    def _open(self) -> smtplib.SMTP:
        # smtplib closes by itself when the server says that it must go.
        if self._connection is None or self._connection.sock is None:
            return self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        tls = settings.tls or ssl.create_default_context()
        try:
            if settings.security == "tls":
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings.host, settings.port, timeout=settings.timeout_seconds, context=tls
                )
            else:
                connection = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)
            self._connection = connection
            if settings.security == "starttls":
                connection.starttls(context=tls)
            connection.ehlo_or_helo_if_needed()
            if settings.user:
                connection.login(settings.user, settings.password)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise UnreachableError(cut(error)) from error
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _content(self, message: OutboxMessage) -> EmailMessage:
        try:
            return letter_content(message, self.settings)
        except (ValueError, IndexError) as error:
            raise RefusedError(f"The letter cannot be written: {cut(error)}") from error


def letter_content(message: OutboxMessage, settings: MailSettings) -> EmailMessage:
    """A letter as it goes over the wire: a text, the same in HTML, and headers."""
    content = EmailMessage(policy=WIRE)
    # An address that is not exactly one raises ValueError.
    content["From"] = Address(display_name=one_line(settings.name), addr_spec=settings.sender)
    content["To"] = Address(addr_spec=message.recipient)
    content["Subject"] = one_line(message.subject)
    content["Date"] = format_datetime(message.created_at)
    content["Message-ID"] = message_id(message.id, settings.sender)
    # So that nobody's holiday notice answers.
    content["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers.items():
        content[name] = one_line(str(value))
    content.set_content(message.text)
    content.add_alternative(message.html, subtype="html")
    return content


def message_id(row_id: str, sender: str) -> str:
    """The Message-ID of a row of the outbox: the same at every try, and of no other row."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{row_id}@{domain}>"


def cut(error: Exception) -> str:
    """What went wrong on one short line."""
    return one_line(str(error) or type(error).__name__)[:LONGEST_ERROR]


def _about_the_letter(code: int, said: bytes | str) -> Exception:
    return (RefusedError if 500 <= code < 600 else NotNowError)(_words(code, said))


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
    return one_line(f"{code} {text}")[:LONGEST_ERROR]
