"""A mail server on this machine that takes letters, puts them off, refuses them, or hangs up."""

from __future__ import annotations

from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller


class Postman:
    """Keeps what it took. `answers` says what it answers next to a whole letter, and then it takes them."""

    def __init__(self):
        self.taken = []
        self.answers = []
        self.recipients_answers = {}
        self.sender_answer = "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.sender_answer.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.sender_answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.recipients_answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang up":
            server.transport.abort()
            return "421 gone"
        if answer == "take and hang up":
            self.taken.append(envelope)
            server.transport.abort()
            return "421 gone"
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer


class AnyPort(Controller):
    """Listens on whichever port is free, and knows it before anybody connects."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post_office(**options):
    """A running mail server: its postman and its port."""
    postman = Postman()
    controller = AnyPort(postman, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield postman, controller.port
    finally:
        controller.stop()


def ids(postman):
    """The Message-IDs of what was taken, in order."""
    return [message_from_bytes(envelope.content)["Message-ID"] for envelope in postman.taken]
