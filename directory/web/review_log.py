"""What was done about a submission or a record, and written about it, in lines for reviewers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import N_, gettext, own_words, typed_words
from directory.models import Account, AuditEntry, Submission
from directory.web.review_words import moment_text, said_of

# What a line of the audit log says, for those who need no codes.
ACTIONS = {
    "accept": N_("%(who)s accepted a version"),
    "answer": N_("%(who)s answered"),
    "approve": N_("%(who)s approved"),
    "ask": N_("%(who)s asked a question"),
    "bulk": N_("%(who)s decided about several at once"),
    "match later": N_("%(who)s put off a pair of records"),
    "match not same": N_("%(who)s said that two records are not the same"),
    "merge": N_("%(who)s joined it with another record"),
    "undo merge": N_("%(who)s took it and another record apart again"),
    "grant claim": N_("%(who)s granted a claim"),
    "refuse claim": N_("%(who)s refused a claim"),
    "reject": N_("%(who)s rejected"),
    "report done": N_("%(who)s settled a report"),
    "report refused": N_("%(who)s refused a report"),
    "restore": N_("%(who)s brought an earlier version back"),
    "settle flags": N_("%(who)s settled flags"),
    "submit": N_("%(who)s sent it in"),
    "undo": N_("%(who)s undid what was done to several"),
    "withdraw": N_("%(who)s took it back"),
}


def correspondence(session: Session, one: Submission) -> list[dict[str, Any]]:
    """The letters about a submission, in order."""
    ids = {message.account_id for message in one.messages if message.account_id}
    columns = select(Account.id, Account.name, Account.email).where(Account.id.in_(ids))
    names = {row.id: said_of(row.name, row.email) for row in session.execute(columns)}
    usual = {"navigator": gettext("A navigator"), "submitter": gettext("Whoever sent it")}
    return [
        {
            "who": names.get(message.account_id or "") or usual.get(message.author, message.author),
            "on": moment_text(message.written_at),
            "text": typed_words(message.text),
            "ours": message.author == "navigator",
        }
        for message in one.messages
    ]


def log_lines(session: Session, *ids: str, limit: int = 20) -> list[dict[str, Any]]:
    """Who did what to some things, the newest first."""
    rows = session.execute(
        select(AuditEntry, Account.name, Account.email)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.entity_id.in_(ids))
        .order_by(AuditEntry.number.desc())
        .limit(limit)
    )
    return [
        {
            "number": entry.number,
            "what": _action_words(
                entry.action, said_of(name, email) if email else gettext("Somebody without an account")
            ),
            "on": moment_text(entry.at),
        }
        for entry, name, email in rows
    ]


def _action_words(action: str, who: str) -> str:
    if action in ACTIONS:
        return gettext(ACTIONS[action], who=who)
    return gettext("%(who)s %(action)s", who=who, action=own_words(action))
