"""Everybody who may come, and two organisations: one that some of them look after, and another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from directory.accepting import Acceptance, accept
from directory.accounts.actors import actor_of, target_of
from directory.accounts.permissions import Actor, Target
from directory.accounts.sessions import open_session
from directory.models import (
    Account,
    BulkAction,
    Claim,
    Contact,
    MatchedPair,
    OrganizationMerge,
    Phrase,
    Report,
    ReviewFlag,
    SavedSearch,
    Submission,
    Upload,
    utc_now,
)
from directory.places.load import load_areas
from tests.accounts import make_account
from tests.conftest import TODAY
from tests.directory import grounds
from tests.directory.documents import made_id, organization, place, service

HERE, ELSEWHERE = "E08000025", "E08000026"
# Arguments that name no record of anybody: any value will do.
PLAIN = {
    "slug": "lozells",
    "token": "not-a-token",
    "code": HERE,
    "level": "ward",
    "table": "places",
    "kind": "csv",
    "version": "1",
    "edition": "0",
    "filename": "app.js",
    "number": 1,
    "name": "due",
    "file_name": "services.csv",
    "taxonomy_id": made_id("a taxonomy"),
    "taxonomy_term_id": made_id("a term"),
}
# Arguments that name something of one person's. A rule that lets everybody look after their own lets nobody
# look after another's.
PERSONAL = {"session_id", "claim_id", "draft_id", "search_id"}


@dataclass(frozen=True)
class Record:
    """An organisation with something of each kind that an address can name."""

    target: Target
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody who comes; with None for the account, a stranger."""

    account_id: str | None = None
    actor: Actor = field(default_factory=Actor)
    # Closed, or without the second factor that the role needs.
    hindered: bool = False


@dataclass(frozen=True)
class World:
    """Who there is, and what."""

    people: dict[str, Person]
    own: Record
    other: Record


def make_world(app) -> World:
    """Fill a database."""
    with Session(app.extensions["engine"]) as session:
        frame = grounds.areas("authority", HERE, ELSEWHERE)
        load_areas(session, frame.assign(authority_code=frame["code"]))
        for name, code in (("Own Group", HERE), ("Other Group", ELSEWHERE)):
            area = {"id": made_id(f"area {name}"), "name": code, "extent": code, "extent_type": "gss"}
            document = organization(
                service(f"{name} Club", place(f"{name} Hall"), service_areas=[area]), name=name
            )
            accept(session, document, Acceptance(None, "self", "Registered", TODAY))
        session.commit()
    own, other = made_id("Own Group"), made_id("Other Group")
    accounts = {
        "nobody in particular": make_account(app),
        "member": make_account(app, "member", member_of=[own]),
        "lead": make_account(app, "member", leads=[own]),
        "member without an organisation": make_account(app, "member"),
        "navigator": make_account(app, "navigator", patches=[HERE]),
        "navigator without an authority": make_account(app, "navigator"),
        "commissioner": make_account(app, "commissioner"),
        "administrator": make_account(app, "administrator"),
        "navigator without a second factor": make_account(app, "navigator", patches=[HERE], two_factor=False),
        "administrator without a second factor": make_account(app, "administrator", two_factor=False),
        "closed administrator": make_account(app, "administrator"),
        "somebody else": make_account(app),
    }
    with Session(app.extensions["engine"]) as session:
        session.get_one(Account, accounts["closed administrator"]).active = False
        records = [
            Record(target_of(session, one), _things(session, one, name, accounts["somebody else"]))
            for one, name in ((own, "Own Group"), (other, "Other Group"))
        ]
        session.commit()
        people = {
            name: Person(
                account_id,
                actor_of(session.get_one(Account, account_id)),
                hindered="without a second factor" in name or name.startswith("closed"),
            )
            for name, account_id in accounts.items()
        }
    assert [record.target.authority_codes for record in records] == [{HERE}, {ELSEWHERE}]
    return World({"stranger": Person(), **people}, *records)


def _things(session: Session, organization_id: str, name: str, owner_id: str) -> dict[str, Any]:
    """One of each kind of an organisation's; what is a person's belongs to somebody else."""
    [code] = target_of(session, organization_id).authority_codes
    document = organization(service(f"{name} Club"), name=name)
    rows = {
        "submission_id": Submission(
            kind="change",
            status="submitted",
            organization_id=organization_id,
            authority_code=code,
            base_number=1,
            document=document,
        ),
        "draft_id": Submission(
            kind="new", status="draft", organization_id=organization_id, document=document, token_hash=name
        ),
        "claim_id": Claim(organization_id=organization_id, account_id=owner_id, method="telephone"),
        "report_id": Report(organization_id=organization_id, about="wrong", text="Gone", authority_code=code),
        "flag_id": ReviewFlag(organization_id=organization_id, reason="point", message="Far away"),
        "bulk_id": BulkAction(
            action="settle", items=[{"kind": "flag", "organization": organization_id, "flags": []}]
        ),
        "contact_id": Contact(organization_id=organization_id, name="Joe Bloggs"),
        "search_id": SavedSearch(account_id=owner_id, name="Boxing", question="what=boxing"),
        "upload_id": Upload(
            organization_id=organization_id,
            kind="logo",
            title="Logo",
            content_type="image/png",
            checksum="x",
            size=1,
            content=b"x",
        ),
        "phrase_id": Phrase(phrase=f"{name} words", key=f"{name} word", words="boxing"),
        # A pair and a merge of a record with itself: they are this organisation's and nobody else's.
        "pair_id": MatchedPair(left_id=organization_id, right_id=organization_id, probability=0.5),
        "merge_id": OrganizationMerge(
            organization_id=organization_id,
            gone_id=organization_id,
            way="person",
            number=2,
            kept_document=document,
            gone_document=document,
            document=document,
            undone_at=utc_now(),
        ),
        "session_id": open_session(session, owner_id, "Firefox")[0],
    }
    session.add_all(rows.values())
    session.flush()
    return {
        **{argument: row.id for argument, row in rows.items()},
        "organization_id": organization_id,
        "service_id": made_id(f"service {name} Club"),
        "location_id": made_id(f"place {name} Hall"),
        "service_at_location_id": made_id(f"link {name} Club {made_id(f'place {name} Hall')}"),
        "account_id": owner_id,
    }
