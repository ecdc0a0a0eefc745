"""Sending the outbox: to a real mail server on this machine, which is down, busy, strict or hangs up."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.letters.backoff import MOST_ATTEMPTS
from directory.letters.send import LEASE, claim, failures, queue_again, send_due, waiting
from directory.letters.server import MailServer, MailSettings, message_id
from directory.models import OutboxMessage, utc_now
from tests.conftest import ROOT
from tests.directory.letters.smtp import ids, post_office

SENDER = "post@directory.example"


def queue(session, *recipients, **facts):
    """Put a letter for each recipient into the outbox; their identifiers."""
    rows = [
        OutboxMessage(recipient=one, subject="Hello", text="Hello\n", html="<p>Hello</p>", **facts)
        for one in recipients
    ]
    session.add_all(rows)
    session.commit()
    return [row.id for row in rows]


def send(session, port, after=timedelta(), **facts):
    settings = MailSettings(host="127.0.0.1", port=port, sender=SENDER, timeout_seconds=10, **facts)
    return send_due(session, MailServer(settings), lambda: utc_now() + after)


def only(session):
    session.expire_all()
    return session.scalars(select(OutboxMessage)).one()


def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_a_letter_goes_with_a_text_an_html_part_and_its_own_message_id(committed):
    [key] = queue(
        committed, "ann@example.org", headers={"List-Unsubscribe": f"<https://example.org/{'x' * 200}>"}
    )
    with post_office() as (postman, port):
        assert send(committed, port, name="The Directory, West").sent == 1
    letter = message_from_bytes(postman.taken[0].content, policy=policy.default)
    assert letter["Message-ID"] == f"<{key}@directory.example>" == message_id(key, SENDER)
    assert letter["From"].addresses[0].display_name == "The Directory, West"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert letter["List-Unsubscribe"] == f"<https://example.org/{'x' * 200}>"
    assert b"x" * 200 in postman.taken[0].content
    row = only(committed)
    assert (row.status, row.attempts, row.last_error) == ("sent", 1, None)
    assert row.sent_at is not None


def test_nothing_is_lost_while_the_server_is_down(committed):
    queue(committed, "ann@example.org", "bob@example.org")
    done = send(committed, closed_port())
    assert (done.sent, done.waiting) == (0, 1)  # one try tells that there is nobody
    assert waiting(committed) == {"queued": 2}
    assert [bool(row.last_error) for row in failures(committed)] == [True]
    with post_office() as (postman, port):
        assert send(committed, port, timedelta(hours=2)).sent == 2
    assert len(set(ids(postman))) == 2


def test_a_server_that_is_down_for_long_makes_no_letter_give_up(committed):
    queue(committed, "ann@example.org")
    port = closed_port()
    for day in range(MOST_ATTEMPTS + 2):
        assert send(committed, port, timedelta(days=day)).unreachable
    assert only(committed).status == "queued"


def test_a_letter_that_is_put_off_waits_and_goes_later(committed):
    queue(committed, "ann@example.org")
    with post_office() as (postman, port):
        postman.answers = ["451 try again"]
        assert send(committed, port).waiting == 1
        row = only(committed)
        assert (row.status, row.last_error) == ("queued", "451 try again")
        assert row.next_attempt_at > row.created_at
        assert send(committed, port).sent == 0  # it is not its turn yet
        assert send(committed, port, timedelta(minutes=2)).sent == 1
    assert only(committed).attempts == 2
    assert len(ids(postman)) == 1


def test_a_letter_that_is_put_off_for_ever_is_given_up_and_kept(committed):
    queue(committed, "ann@example.org")
    committed.execute(update(OutboxMessage).values(attempts=MOST_ATTEMPTS - 1))
    committed.commit()
    with post_office() as (postman, port):
        postman.answers = ["451 try again"]
        assert send(committed, port).refused == 1
    assert only(committed).status == "failed"


def test_a_refused_letter_is_not_tried_again_and_others_go(committed):
    queue(committed, "nobody@example.org", "ann@example.org")
    with post_office() as (postman, port):
        postman.recipients_answers = {"nobody@example.org": "550 no such person"}
        done = send(committed, port)
        assert (done.sent, done.refused) == (1, 1)
        assert send(committed, port, timedelta(days=9)).sent == 0
    [failed] = failures(committed)
    assert (failed.status, failed.last_error) == ("failed", "550 no such person")


def test_a_refused_letter_can_be_queued_again(committed):
    queue(committed, "ann@example.org")
    with post_office() as (postman, port):
        postman.answers = ["554 looks like spam"]
        send(committed, port)
        assert queue_again(committed, utc_now()) == 1
        committed.commit()
        assert send(committed, port).sent == 1


@pytest.mark.parametrize("answer", ["hang up", "take and hang up"])
def test_a_letter_cut_off_in_the_middle_goes_again_under_the_same_message_id(committed, answer):
    [key] = queue(committed, "ann@example.org")
    with post_office() as (postman, port):
        postman.answers = [answer]
        assert send(committed, port).waiting == 1
        assert send(committed, port, timedelta(minutes=2)).sent == 1
    assert set(ids(postman)) == {message_id(key, SENDER)}


@pytest.mark.parametrize("recipient", ["no address", "a@example.org, b@example.org", "", "é@example.org"])
def test_an_address_that_is_none_harms_no_other_letter(committed, recipient):
    queue(committed, recipient, "ann@example.org")
    with post_office(enable_SMTPUTF8=False) as (postman, port):
        done = send(committed, port)
    assert (done.sent, done.refused) == (1, 1)
    assert [envelope.rcpt_tos for envelope in postman.taken] == [["ann@example.org"]]


def test_a_sender_that_the_server_does_not_know_is_no_letters_fault(committed):
    queue(committed, "ann@example.org")
    with post_office() as (postman, port):
        postman.sender_answer = "530 who are you"
        assert send(committed, port).unreachable == "530 who are you"
        assert send(committed, port, timedelta(hours=1), user="x", password="y").unreachable
        assert only(committed).status == "queued"
        postman.sender_answer = "552 too large"
        assert send(committed, port, timedelta(hours=9)).refused == 1
    assert only(committed).status == "failed"


def test_several_senders_send_each_letter_once(committed):
    keys = queue(committed, *(f"{number}@example.org" for number in range(40)))
    engine = committed.get_bind()
    with post_office() as (postman, port):

        def work():
            with Session(engine) as session:
                send(session, port)

        senders = [threading.Thread(target=work) for _ in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert sorted(ids(postman)) == sorted(message_id(key, SENDER) for key in keys)
    assert waiting(committed) == {"sent": 40}


def test_a_letter_in_hand_is_nobody_elses_until_its_lease_ends(committed):
    queue(committed, "ann@example.org")
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert claim(committed, now) is not None
    committed.commit()
    assert claim(committed, now + LEASE) is None
    assert claim(committed, now + LEASE + timedelta(seconds=1)) is not None


def test_a_sender_killed_in_the_middle_loses_no_letter(committed, tmp_path):
    keys = queue(committed, *(f"{number}@example.org" for number in range(12)))
    with post_office() as (postman, port):
        slow = postman.handle_DATA
        reached = threading.Event()

        async def handle_data(*words):
            answer = await slow(*words)
            if len(postman.taken) == 5:
                reached.set()
                time.sleep(1)
            return answer

        postman.handle_DATA = handle_data
        url = committed.get_bind().url.render_as_string(hide_password=False)
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "MAIL_FROM": SENDER}
        program = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "directory.app", "directory", "send-mail"],
            cwd=ROOT,
            env={**os.environ, **mail, "DATABASE_URL": url, "INSTANCE_FOLDER": str(tmp_path)},
        )
        try:
            assert reached.wait(120)
        finally:
            program.send_signal(signal.SIGKILL)
            program.wait()
        assert waiting(committed)["sending"] == 1
        send(committed, port, LEASE + timedelta(minutes=1))
    assert set(ids(postman)) == {message_id(key, SENDER) for key in keys}
    # The letter in hand may come twice: whoever gets it can tell, because its Message-ID is the same.
    assert len(ids(postman)) == len(keys) + 1
    assert waiting(committed) == {"sent": len(keys)}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_talk_is_kept_from_others(committed, tmp_path, security):
    queue(committed, "ann@example.org")
    server, client = certificates(tmp_path)
    options = (
        {"ssl_context": server} if security == "tls" else {"tls_context": server, "require_starttls": True}
    )
    with post_office(**options) as (postman, port):
        assert send(committed, port, security=security).unreachable  # nobody vouches for this server
        assert not postman.taken
        assert send(committed, port, timedelta(hours=1), security=security, tls=client).sent == 1


def certificates(folder):
    """A server's own certificate, and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=path)
