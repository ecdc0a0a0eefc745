"""Make accounts, give them roles and authorities, close them; each change is a line of the audit log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.actors import roles_named
from directory.accounts.sessions import end_sessions
from directory.languages import gettext, left_to_right, own_words, typed_words
from directory.models import Account, Area, NavigatorPatch, new_id, utc_now
from directory.models.account import ROLES
from directory.models.turns import take_turn


class AccountError(Exception):
    """Why an account cannot be made or changed, as a sentence."""


@dataclass(frozen=True)
class Standing:
    """What an account is: its roles and, for a navigator, its authorities (by code)."""

    roles: frozenset[str] = frozenset()
    authorities: frozenset[str] = frozenset()


def make_account(
    session: Session, actor_id: str | None, email: str, name: str, standing: Standing
) -> Account:
    """Make a confirmed account without a password: whoever reads its letters chooses one."""
    take_turn(session, "accounts")
    if account_of(session, email):
        raise AccountError(f"There is an account for {email} already.")
    _check(session, standing)
    account = Account(email=email.lower(), name=name, confirmed_at=utc_now())
    session.add(account)
    _give(session, account, standing)
    session.flush()
    audit.record(session, actor_id, "account made", ("account", account.id), _detail(standing))
    return account


def give_standing(session: Session, actor_id: str | None, account: Account, standing: Standing) -> bool:
    """Give an account other roles and authorities; False if it has them already.

    What the account was signed in to before goes on with what it now may do, no more: each request asks.
    """
    take_turn(session, "accounts")
    session.refresh(account)
    if standing == standing_of(account):
        return False
    _check(session, standing)
    if account.id == actor_id and "administrator" not in standing.roles:
        raise AccountError(
            gettext("You cannot take the role of administrator from yourself. Ask another one to.")
        )
    _give(session, account, standing)
    audit.record(session, actor_id, "account standing", ("account", account.id), _detail(standing))
    return True


def set_open(session: Session, actor_id: str | None, account: Account, *, is_open: bool) -> bool:
    """Close an account and sign it out everywhere, or open it again; False if it is so already."""
    take_turn(session, "accounts")
    session.refresh(account)
    if account.active == is_open:
        return False
    if account.id == actor_id:
        raise AccountError(gettext("You cannot close your own account. Ask another administrator to."))
    account.active = is_open
    sign_out_everywhere(session, account)
    action = "account opened again" if is_open else "account closed"
    audit.record(session, actor_id, action, ("account", account.id))
    return True


def reset_two_factor(session: Session, actor_id: str | None, account: Account) -> bool:
    """Take the second factor from an account, so that it can set up another; False if it has none."""
    take_turn(session, "accounts")
    session.refresh(account)
    if not account.tf_primary_method:
        return False
    if account.id == actor_id:
        raise AccountError(
            gettext("You cannot reset your own second factor. Change it on the page of your account.")
        )
    forget_two_factor(account)
    sign_out_everywhere(session, account)
    audit.record(session, actor_id, "two-factor reset", ("account", account.id))
    return True


def forget_two_factor(account: Account) -> None:
    """Forget the second factor and the codes that stand in for it."""
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_counter = None
    account.mf_recovery_codes = None


def sign_out_everywhere(session: Session, account: Account) -> int:
    """End every session, and make every link that was sent to the account worthless; how many sessions."""
    account.fs_uniquifier = new_id()
    return end_sessions(session, account.id)


def use_counter(session: Session, account_id: str, counter: int) -> bool:
    """Use the code of a half-minute up; False if it, or a later one, was used before."""
    unused = or_(Account.tf_last_counter.is_(None), Account.tf_last_counter < counter)
    used = session.execute(
        update(Account)
        .where(Account.id == account_id, unused)
        .values(tf_last_counter=counter)
        .execution_options(synchronize_session=False)
    )
    return int(used.rowcount) == 1  # type: ignore[attr-defined]


def account_of(session: Session, email: str) -> Account | None:
    """The account that signs in with an e-mail, in whatever case it is written."""
    return session.scalar(select(Account).where(func.lower(Account.email) == email.lower()))


def standing_of(account: Account) -> Standing:
    """The roles and authorities of an account."""
    return Standing(
        frozenset(role.name for role in account.roles),
        frozenset(patch.authority_code for patch in account.patches),
    )


def authority_names(session: Session) -> dict[str, str]:
    """The authorities that a navigator can be given: their names by code."""
    query = select(Area.code, Area.name).where(Area.level == "authority").order_by(Area.name)
    return {area.code: area.name for area in session.execute(query)}


def administrators(session: Session) -> Sequence[Account]:
    """The accounts that look after accounts."""
    query = select(Account).where(Account.active, Account.roles.any(name="administrator"))
    return session.scalars(query.order_by(Account.email)).all()


def _check(session: Session, standing: Standing) -> None:
    unknown = sorted(standing.roles - set(ROLES))
    if unknown:
        raise AccountError(
            gettext(
                "There is no role %(role)s. Roles are: %(roles)s.",
                role=typed_words(repr(unknown[0])),
                roles=own_words(", ".join(ROLES)),
            )
        )
    strange = sorted(standing.authorities - authority_names(session).keys())
    if strange:
        raise AccountError(
            gettext(
                "There is no authority %(authority)s in the loaded areas. Authorities go by code, "
                "such as %(example)s for Birmingham.",
                authority=typed_words(repr(strange[0])),
                example=left_to_right("E08000025"),
            )
        )
    if standing.authorities and "navigator" not in standing.roles:
        raise AccountError(gettext("Only a navigator has authorities. Give the role navigator as well."))


def _give(session: Session, account: Account, standing: Standing) -> None:
    account.roles = roles_named(session, standing.roles)
    kept = {patch.authority_code: patch for patch in account.patches}
    account.patches = [
        kept.get(code) or NavigatorPatch(authority_code=code) for code in sorted(standing.authorities)
    ]


def _detail(standing: Standing) -> dict[str, str]:
    return {
        "roles": _listed(standing.roles) or "none",
        "authorities": _listed(standing.authorities) or "none",
    }


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
