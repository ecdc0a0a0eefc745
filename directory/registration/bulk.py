"""Decide about several things at once: what would happen, doing it, and undoing it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from directory import audit
from directory.accepting import ChangedMeanwhileError, NotAcceptedError, latest_number
from directory.languages import N_, gettext, own_words
from directory.models import BulkAction, ReviewFlag, Submission
from directory.models.turns import take_turn
from directory.registration.proposals import proposals_of
from directory.registration.queue import SUBMISSIONS, Item
from directory.registration.reviewing import Decision, DisputedError, approve, reject
from directory.registration.settling import FLAGS_TURN, settle_flags

ACTIONS = {
    "approve": N_("Approve"),
    "reject": N_("Reject"),
    "settle": N_("Settle flags"),
}
MOST = 100
CHANGED = N_("It was changed or decided by somebody else meanwhile. Nothing was done about it.")
DISPUTED = N_("The record was changed since. Open it and choose.")


@dataclass(frozen=True)
class Outcome:
    """What would become, or became, of one thing: done, or why not."""

    item: Item
    done: bool
    words: str


def preview(session: Session, action: str, items: Collection[Item]) -> list[Outcome]:
    """What would happen to each of some things of the queue. Nothing is written."""
    ids = [item.id for item in items if item.kind in SUBMISSIONS]
    submissions = session.scalars(select(Submission).where(Submission.id.in_(ids))).all()
    proposals = {one.submission.id: one for one in proposals_of(session, submissions)}
    found = []
    for item in items:
        why_not = _not_for(action, item)
        proposal = proposals.get(item.id)
        words = {
            "reject": gettext("Would be rejected."),
            "settle": gettext("Flags that would be settled: %(number)s.", number=item.version),
        }
        if why_not is None and action == "approve" and proposal is not None:
            if proposal.fatal:
                why_not = gettext("A check keeps it out. Open it to see which.")
            elif proposal.disputed:
                why_not = gettext(DISPUTED)
            words["approve"] = gettext(
                "Facts that would be changed: %(number)s.", number=len(proposal.differences)
            )
        found.append(Outcome(item, why_not is None, why_not or words[action]))
    return found


def do(
    session: Session, action: str, items: Collection[Item], decision: Decision
) -> tuple[BulkAction, list[Outcome]]:
    """Do one thing to each; what cannot be done is left as it is, with the reason. The caller commits."""
    _take_turns(session, items)
    bulk = BulkAction(account_id=decision.account_id, action=action, reason=decision.reason, items=[])
    session.add(bulk)
    session.flush()
    kept, outcomes = [], []
    for item in sorted(items, key=lambda one: one.choice):
        why_not = _not_for(action, item)
        if why_not is None:
            try:
                with session.begin_nested():
                    kept.append(_do_one(session, action, item, decision, bulk))
            except (ChangedMeanwhileError, StaleDataError):
                why_not = gettext(CHANGED)
            except DisputedError:
                why_not = gettext(DISPUTED)
            except NotAcceptedError as error:
                why_not = gettext("It was not accepted. %(why)s", why=own_words(str(error)))
        outcomes.append(Outcome(item, why_not is None, why_not or gettext("Done.")))
    bulk.items = kept
    session.flush()
    detail = {"action": action, "done": str(len(kept))}
    audit.record(session, decision.account_id, "bulk", ("bulk action", bulk.id), detail)
    return bulk, outcomes


def _not_for(action: str, item: Item) -> str | None:
    """Why an action is not for a thing; None when it is."""
    if (action == "settle") != (item.kind == "flag"):
        only_flags = gettext("Only flags can be settled.")
        return only_flags if action == "settle" else gettext("Flags are settled, not decided.")
    if action != "settle" and item.kind not in SUBMISSIONS:
        return gettext("This can be decided on its own page alone.")
    return None


def _take_turns(session: Session, items: Collection[Item]) -> None:
    """All turns first, in one order for everybody: two who wait for each other would wait for ever."""
    take = sorted({f"submission {item.id}" for item in items if item.kind in SUBMISSIONS})
    take += sorted({FLAGS_TURN.format(item.organization_id) for item in items if item.kind == "flag"})
    take += sorted({f"organization {item.organization_id}" for item in items if item.kind in SUBMISSIONS})
    for name in take:
        take_turn(session, name)


def _do_one(
    session: Session, action: str, item: Item, decision: Decision, bulk: BulkAction
) -> dict[str, Any]:
    """Do it to one thing; what is needed to undo it."""
    if action == "settle":
        open_flags = select(ReviewFlag.id).where(
            ReviewFlag.organization_id == item.organization_id, ReviewFlag.settled_at.is_(None)
        )
        ids = list(session.scalars(open_flags))
        if len(ids) != item.version:
            raise ChangedMeanwhileError(item.id)
        settle_flags(session, item.organization_id, ids, decision)
        return {"kind": "flag", "organization": item.organization_id, "flags": ids}
    number = latest_number(session, item.organization_id)
    before = session.scalar(select(Submission.status).where(Submission.id == item.id))
    own = replace(
        decision, version=item.version, number=number, link=decision.link.format(item.organization_id)
    )
    submission = (approve if action == "approve" else reject)(session, item.id, own)
    submission.bulk_action_id = bulk.id
    session.flush()
    return {
        "kind": "submission",
        "submission": item.id,
        "organization": item.organization_id,
        "new": item.kind == "new",
        "status": before,
        "version": submission.version,
        "number_before": number,
        "number_after": latest_number(session, item.organization_id),
    }


def items_chosen(items: Collection[Item], choices: Collection[str]) -> Iterator[Item]:
    """The things of a queue that a form names, with the versions that it saw; what is gone is left out."""
    known = {(item.kind, item.id): item for item in items}
    for choice in list(dict.fromkeys(choices))[:MOST]:
        kind, _, rest = choice.partition(":")
        key, _, version = rest.partition(":")
        item = known.get((kind, key))
        if item is not None and version.isdecimal():
            yield replace(item, version=int(version))
