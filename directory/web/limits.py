"""How often a form may be sent: nobody tries out passwords and codes, or floods strangers with letters."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple, cast

from flask import Flask, request, session
from flask_limiter import Limiter
from flask_security import current_user

from directory.config import Settings
from directory.web.access import PUBLIC

WRITING = ["POST", "PUT", "PATCH", "DELETE"]


class Limit(NamedTuple):
    """How often, and counted for whom."""

    often: str
    key: Callable[[], str]


def by_network() -> str:
    """Whoever asks: the address, or of the new kind the part that one household or office has to itself."""
    address = ip_address(request.remote_addr or "127.0.0.1")
    return str(address if address.version == 4 else ip_network((address, 64), strict=False))


def by_email() -> str:
    """The e-mail that was entered, whether or not it has an account; as a hash, for it is a person's."""
    return hashlib.sha256(request.form.get("email", "").strip().lower().encode()).hexdigest()


def no_email() -> bool:
    """Whether the e-mail was left out: that is nobody, and else all who forget theirs would count as one."""
    return not request.form.get("email", "").strip()


def by_account() -> str:
    """The account whose code or password is asked for: signed in, or on the way."""
    if current_user.is_authenticated:
        return str(current_user.id)
    return str(session.get("tf_user_id", by_network()))


NETWORK = Limit("60 per 5 minutes", by_network)
SIGN_IN = (NETWORK, Limit("10 per 15 minutes; 60 per day", by_email))
LETTER = (Limit("30 per hour", by_network), Limit("5 per hour", by_email))
CODE = (NETWORK, Limit("10 per 15 minutes; 50 per day", by_account))
# Any other form that everybody may send.
FORM = (Limit("60 per 5 minutes; 300 per day", by_network),)
LIMITS: Mapping[str, tuple[Limit, ...]] = {
    "security.login": SIGN_IN,
    "security.register": LETTER,
    "security.send_confirmation": LETTER,
    "security.forgot_password": LETTER,
    "security.reset_password": (NETWORK,),
    "security.two_factor_token_validation": CODE,
    "security.two_factor_rescue": (Limit("3 per hour", by_account),),
    "security.two_factor_setup_validate": CODE,
    "security.mf_recovery": CODE,
    "security.verify": CODE,
    "security.change_password": CODE,
    "registering.start": LETTER,
    "registering.link": LETTER,
    "reporting.report": (Limit("20 per hour", by_network),),
    "membership.invite": (Limit("20 per hour", by_account), Limit("5 per hour", by_email)),
    "claiming.claim": (Limit("30 per hour", by_account),),
    "claiming.show": CODE,
    # A program asks ten rows at a time: a list of 30,000 takes an hour and a half.
    "reconciliation.service": (Limit("200 per minute", by_network),),
    # Whoever wants to leave may always leave.
    "security.logout": (),
}

# What is only read: asked again with each letter that somebody types, or long to make (maps).
READING: Mapping[str, Limit] = {
    "suggest.json_file": Limit("300 per minute", by_network),
    "shortlist.pdf_file": Limit("12 per 5 minutes", by_network),
    "sheets.pdf_file": Limit("40 per 5 minutes", by_network),
    "sheets.picture_file": Limit("100 per 5 minutes", by_network),
}


def init_app(app: Flask, settings: Settings) -> None:
    """Count what is sent. After the blueprints, so that every route is known."""
    limiter = Limiter(
        key_func=by_network,
        storage_uri=settings.limits_storage,
        storage_options={"wrap_exceptions": True},
        strategy="moving-window",
        key_prefix="sent",
    )
    limiter.init_app(app)
    app.extensions["form_limits"] = limiter
    for endpoint in sorted(writing_endpoints(app)):
        for limit in limits_of(endpoint):
            exempt = no_email if limit.key is by_email else None
            counted = limiter.limit(limit.often, key_func=limit.key, methods=WRITING, exempt_when=exempt)
            app.view_functions[endpoint] = cast(Any, counted(app.view_functions[endpoint]))
    for endpoint, limit in READING.items():
        counted = limiter.limit(limit.often, key_func=limit.key)
        app.view_functions[endpoint] = cast(Any, counted(app.view_functions[endpoint]))


def writing_endpoints(app: Flask) -> set[str]:
    """The routes to which something can be sent."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if set(WRITING) & (rule.methods or set())}


def limits_of(endpoint: str) -> tuple[Limit, ...]:
    """The limits of a route: its own, or those of any form that everybody may send."""
    return LIMITS.get(endpoint, FORM if endpoint in PUBLIC else ())


def seconds_to_wait(app: Flask) -> int:
    """After how many seconds the request may be sent again."""
    limiter: Limiter = app.extensions["form_limits"]
    current = limiter.current_limit
    return max(1, int(current.reset_at - time.time()) + 1) if current else 60
