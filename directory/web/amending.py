"""Change a record that is there: a member's or a navigator's draft, begun from the whole of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from directory.accounts.actors import target_of
from directory.db import get_session
from directory.languages import gettext, own_words
from directory.models import Organization
from directory.registration.drafts import start_change
from directory.web.access import require

blueprint = Blueprint("amending", __name__)


@blueprint.route("/organisations/<uuid:organization_id>/change", methods=["GET", "POST"])
def change(organization_id: UUID) -> str | Response:
    """Begin to change an entry, or go on with it."""
    session = get_session()
    organization = session.get_one(Organization, str(organization_id))
    require("amend", target_of(session, organization.id))
    if request.method == "GET":
        return render_template(
            "registering/confirm.html",
            heading=gettext("Change the entry of %(name)s", name=own_words(organization.name)),
            words=gettext(
                "You change a copy. People keep seeing the entry as it is until a navigator has agreed."
            ),
            action=url_for("amending.change", organization_id=organization.id),
            button=gettext("Go on"),
            back_href=url_for("organisations.show", organization_id=organization.id),
        )
    draft_id = start_change(session, organization, str(current_user.id), str(current_user.email)).id
    session.commit()
    return redirect(url_for("drafting.tasks", draft_id=draft_id), 303)
