"""Claims: somebody says that an entry is theirs, and proves it by a code."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.actors import target_of
from directory.languages import N_, speak
from directory.letters.language import language_of
from directory.letters.write import Letter, write_letter
from directory.models import Account, Claim, Membership, utc_now
from directory.models.turns import take_turn
from directory.registration.domains import own_domains
from directory.registration.links import claim_link
from directory.registration.membership import admit, members_of
from directory.registration.navigators import navigators_of
from directory.registration.submitting import Sender

EMAIL_LIFE, CODE_LIFE = timedelta(days=1), timedelta(days=21)
MOST_ATTEMPTS = 5
MOST_OPEN = 3
BY_NAVIGATOR = N_("Granted by a navigator")
# Without letters and figures that are taken for one another when read out.
ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
CODE_LENGTH = 10


class ClaimRefusedError(Exception):
    """A claim that cannot be made; the message is for whoever makes it."""


@dataclass(frozen=True)
class Wish:
    """What somebody says when claiming: by which proof, their address there, and words for the navigator."""

    method: str
    email: str | None = None
    statement: str = ""


def open_claim(session: Session, account: Account, organization_id: str, wish: Wish, sender: Sender) -> Claim:
    """Make a claim: proved by a code, or, where somebody holds the entry already, left to a navigator."""
    take_turn(session, f"claims {organization_id}")
    held = bool(members_of(session, organization_id))
    _refuse_more(session, account, organization_id)
    claim = Claim(
        organization_id=organization_id,
        account_id=account.id,
        method="dispute" if held else wish.method,
        statement=wish.statement,
    )
    code = None
    if claim.method == "email":
        domain = (wish.email or "").rpartition("@")[2].casefold()
        if domain not in own_domains(session, organization_id):
            raise ClaimRefusedError(N_("Enter an address at a domain that the entry names."))
        code = new_code()
        claim.code_hash, claim.expires_at = code_hash(code), utc_now() + EMAIL_LIFE
    session.add(claim)
    session.flush()
    if code is not None:
        values = {"code": spaced(code), "link": claim_link(sender.public_url, claim.id)}
        key = f"claim code {claim.id}"
        write_letter(session, Letter(str(wish.email), "claim-code", values, key, organization_id))
    else:
        _tell(session, claim, sender)
    audit.record(session, account.id, "claim", ("organization", organization_id), {"method": claim.method})
    return claim


def _refuse_more(session: Session, account: Account, organization_id: str) -> None:
    if any(one.organization_id == organization_id for one in account.memberships):
        raise ClaimRefusedError(N_("You look after this entry already."))
    # An expired one counts too, for a day: otherwise each would bring new guesses.
    query = select(Claim).where(
        Claim.account_id == account.id,
        Claim.organization_id == organization_id,
        Claim.created_at > utc_now() - timedelta(days=1),
    )
    if len(session.scalars(query).all()) >= MOST_OPEN:
        raise ClaimRefusedError(N_("You have claimed this entry several times today. Try again tomorrow."))


def _tell(session: Session, claim: Claim, sender: Sender) -> None:
    """Tell the navigators of a claim that needs them."""
    codes = target_of(session, claim.organization_id).authority_codes
    for account in navigators_of(session, codes):
        key = f"claim {claim.id} {account.id}"
        with speak(language_of(session, account.email)):
            values = {"method": claim.method, "link": claim_link(sender.public_url, claim.id)}
            write_letter(session, Letter(account.email, "claim-waiting", values, key))


def make_code(session: Session, claim: Claim, sender: Sender) -> str:
    """A new code that a navigator posts or reads out. It is told this once; the table has its hash."""
    claim.method = claim.method if claim.method in ("post", "telephone") else "post"
    code = new_code()
    claim.code_hash, claim.attempts = code_hash(code), 0
    claim.expires_at = utc_now() + CODE_LIFE
    session.flush()
    detail = {"method": claim.method}
    audit.record(session, sender.account_id, "claim code", ("claim", claim.id), detail)
    return spaced(code)


def enter_code(session: Session, claim_id: str, text: str, sender: Sender) -> str:
    """Try a code: granted, wrong, or expired. Each try counts, and after too many the claim ends."""
    take_turn(session, f"claim {claim_id}")
    claim = session.get_one(Claim, claim_id, populate_existing=True)
    take_turn(session, f"claims {claim.organization_id}")
    if claim.status != "open" or not claim.code_hash or (claim.expires_at and claim.expires_at < utc_now()):
        if claim.status == "open" and claim.code_hash:
            claim.status = "expired"
        return "expired"
    claim.attempts += 1
    if not hmac.compare_digest(claim.code_hash, code_hash(text)):
        if claim.attempts >= MOST_ATTEMPTS:
            claim.status = "expired"
        session.flush()
        return "wrong" if claim.status == "open" else "expired"
    if members_of(session, claim.organization_id):
        # Somebody else was quicker: who it belongs to is no longer for a code to say.
        claim.method, claim.code_hash = "dispute", None
        _tell(session, claim, sender)
        return "held"
    grant(session, claim, sender, "The code was right")
    return "granted"


def grant(session: Session, claim: Claim, sender: Sender, reason: str) -> Membership:
    """Let whoever claimed an entry look after it: the first one leads. Those who were there are told."""
    claim.status, claim.reason = "granted", reason
    claim.decided_at, claim.decided_by_id = utc_now(), sender.account_id
    claim.code_hash = None
    membership = admit(session, claim.account, claim.organization_id, sender.public_url)
    session.flush()
    detail = {"method": claim.method}
    audit.record(session, sender.account_id, "grant claim", ("claim", claim.id), detail)
    return membership


def refuse(session: Session, claim: Claim, sender: Sender, reason: str) -> None:
    """Refuse a claim, with the reason in a letter."""
    claim.status, claim.reason = "refused", reason
    claim.decided_at, claim.decided_by_id = utc_now(), sender.account_id
    claim.code_hash = None
    values, key = {"reason": reason}, f"claim refused {claim.id}"
    with speak(language_of(session, claim.account.email)):
        write_letter(session, Letter(claim.account.email, "claim-refused", values, key))
    session.flush()
    audit.record(session, sender.account_id, "refuse claim", ("claim", claim.id), {"method": claim.method})


def new_code() -> str:
    """A code of about 47 bits: with five tries, nobody guesses it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def spaced(code: str) -> str:
    """A code as it is written and read out, in two halves."""
    return f"{code[:5]} {code[5:]}"


def code_hash(text: str) -> str:
    """What is stored of a code, however it is spaced and in capitals or not."""
    plain = "".join(c for c in text.upper() if c.isalnum())[:100]
    return hashlib.sha256(plain.encode()).hexdigest()
