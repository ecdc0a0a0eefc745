"""One process of a storm: reviewers who look at something, think, and decide about what they saw."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from directory.accepting import Acceptance, ChangedMeanwhileError, NotAcceptedError, accept, latest_number
from directory.db import make_engine
from directory.models import Organization, ReviewFlag, Submission
from directory.openreferral.dump import dump
from directory.registration.reviewing import Decision, DisputedError, answer, approve, ask, reject
from directory.registration.settling import settle_flags
from scripts.storming.stage import CHANGES, change_of, made_id, reviewer

TODAY = date(2026, 11, 27)
LONGEST_THOUGHT = 0.02
TOLD = (ChangedMeanwhileError, DisputedError, NotAcceptedError, StaleDataError)
Act = Callable[[Session], None]


@dataclass(frozen=True)
class Storm:
    """How large a storm is, and where it is written down."""

    url: str
    organizations: int
    reviewers: int
    journals: Path


def work(storm: Storm, worker: int, life: int, actions: int) -> None:
    """Decide that many times; a line of the journal for each, written to the disk when it was committed."""
    engine = make_engine(storm.url)
    chance = random.Random(f"{worker} {life}")  # noqa: S311 - a storm must be one that can be had again
    with (storm.journals / f"{worker}-{life}.txt").open("a", encoding="utf-8") as journal:
        for number in range(actions):
            line = act_once(engine, storm, chance, f"{worker}-{life}-{number}")
            journal.write(f"{line}\n")
            journal.flush()
            os.fsync(journal.fileno())
    engine.dispose()


def act_once(engine: Engine, storm: Storm, chance: random.Random, token: str) -> str:
    """Look, think, decide; what became of it in words: done, told or busy, and about what."""
    # Squared, so that many reviewers meet over few organisations.
    organization = int(storm.organizations * chance.random() ** 2)
    verbs = ("approve", "reject", "ask", "answer", "amend", "settle")
    verb = chance.choices(verbs, (45, 5, 10, 10, 25, 5))[0]
    key = change_of(organization, chance.randrange(CHANGES))
    by = reviewer(chance.randrange(storm.reviewers))
    thing = {"amend": token, "settle": made_id(f"Storm {organization}")}.get(verb, key)
    try:
        with Session(engine) as session:
            decide = looked_at(session, verb, key, Decision(by, TODAY, 0, reason=f"Storm {token}"))
        if decide is None:
            return f"nothing {verb} {thing}"
        time.sleep(chance.random() * LONGEST_THOUGHT)
        with Session(engine) as session:
            decide(session)
            session.commit()
    except TOLD:
        return f"told {verb} {thing}"
    except OperationalError:
        return f"busy {verb} {thing}"
    return f"done {verb} {thing}"


def looked_at(session: Session, verb: str, key: str, decision: Decision) -> Act | None:
    """What a reviewer would do about a submission or its record as it is now; None where nothing is to do."""
    one = session.get_one(Submission, key)
    organization_id = one.organization_id
    number = latest_number(session, organization_id)
    seen = replace(decision, version=one.version, number=number)
    if verb == "amend":
        changed = dump(session.get_one(Organization, organization_id))
        changed["description"] = str(int(changed["description"]) + 1)
        acceptance = Acceptance(seen.account_id, "navigator", f"Amended. {seen.reason}", TODAY, number)
        return lambda later: accept(later, changed, acceptance) and None
    if verb == "settle":
        query = select(ReviewFlag.id).where(
            ReviewFlag.organization_id == organization_id, ReviewFlag.settled_at.is_(None)
        )
        flags = session.scalars(query).all()
        return (lambda later: settle_flags(later, organization_id, flags, seen) and None) if flags else None
    if verb == "answer":
        if one.status != "question":
            return None
        return lambda later: answer(later, key, f"Answer {seen.reason}", None, "") and None
    if one.status not in ("submitted", "question"):
        return None
    verbs = {"approve": approve, "reject": reject, "ask": ask}
    return lambda later: verbs[verb](later, key, seen) and None
