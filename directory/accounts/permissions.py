"""The one table of who may do what: role by action. docs/access.md is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """On which records a role may do something."""

    ANY = "any record"
    OWN = "own organisations"
    LED = "organisations that they lead"
    PATCH = "own authorities"


@dataclass(frozen=True)
class Actor:
    """Whoever asks: an account with what it is and looks after, or nobody in particular.

    `patches` are codes of authorities; `memberships` tell by organisation whether the account leads it.
    """

    account_id: str | None = None
    roles: frozenset[str] = frozenset()
    patches: frozenset[str] = frozenset()
    memberships: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """The record that something is to be done to: whose it is, and in which authorities."""

    organization_id: str
    authority_codes: frozenset[str] = frozenset()


# The role "public" is everybody's, signed in or not; "signed in" is that of every account.
PUBLIC, SIGNED_IN = "public", "signed in"
ADMINISTRATOR = {"administrator": Scope.ANY}
PATCH = {"navigator": Scope.PATCH, **ADMINISTRATOR}
ACTIONS: Mapping[str, tuple[str, Mapping[str, Scope]]] = {
    "read": ("Read what is published, search, take files away", {PUBLIC: Scope.ANY}),
    "register": ("Put an organisation forward, and go on with one's own draft", {PUBLIC: Scope.ANY}),
    "report": ("Say that something is wrong or missing", {PUBLIC: Scope.ANY}),
    "own account": ("Look after one's own account, sessions and saved searches", {SIGNED_IN: Scope.ANY}),
    "claim": ("Claim an entry", {SIGNED_IN: Scope.ANY}),
    "amend": ("Change a record and say that it is still right", {"member": Scope.OWN, **PATCH}),
    "see withheld": ("See what a record withholds from the public", {"member": Scope.OWN, **PATCH}),
    "history": ("See who changed a record, when and why", {"member": Scope.OWN, **PATCH}),
    "upload": ("Send a logo or a document", {"member": Scope.OWN, **PATCH}),
    "members": ("Add and remove members, hand the lead over", {"member": Scope.LED, **PATCH}),
    "review": ("Approve, ask, reject, settle reports, claims and flags", PATCH),
    "merge": ("Join records of one organisation, and take them apart again", PATCH),
    "restore": ("Bring back an earlier version", PATCH),
    "unprotect": ("Show an address that was withheld", PATCH),
    "desk": ("See the desk of a patch: what changed, what is due, whom to ring", PATCH),
    "count referrals": (
        "Count what became of referrals, to any service",
        {"navigator": Scope.ANY, **ADMINISTRATOR},
    ),
    "referral counts": (
        "Read the counts of referrals, without the small ones of others",
        {"navigator": Scope.ANY, "commissioner": Scope.ANY, **ADMINISTRATOR},
    ),
    "accounts": ("Give roles and authorities, close accounts", ADMINISTRATOR),
    "phrases": ("Say what phrases stand for in a search", ADMINISTRATOR),
    "audit": ("Read the audit log", ADMINISTRATOR),
}


def may(actor: Actor, action: str, target: Target | None = None) -> bool:
    """Whether somebody may do something; without a target, whether there can be one for which they may."""
    _, allowed = ACTIONS[action]
    roles = {PUBLIC, *actor.roles, *([SIGNED_IN] if actor.account_id else [])}
    return any(_covers(actor, allowed[role], target) for role in roles if role in allowed)


def _covers(actor: Actor, scope: Scope, target: Target | None) -> bool:
    if scope is Scope.ANY or target is None:
        return True
    if scope is Scope.PATCH:
        # A record that lies in no authority would be nobody's: every navigator may take it on.
        return not target.authority_codes or bool(actor.patches & target.authority_codes)
    leads = actor.memberships.get(target.organization_id)
    return leads is not None and (leads or scope is Scope.OWN)
