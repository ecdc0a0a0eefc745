"""The page of those who keep a record: who may do what there; files served so that they run nowhere."""

import io
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import AuditEntry, Contact, Location, PublishedPlace, Upload
from tests.accounts import signed_in
from tests.directory.records import (
    BIRMINGHAM,
    SANDWELL,
    add,
    add_areas,
    address,
    contact,
    location,
    organization,
    service,
)
from tests.directory.safekeeping.files import paper, picture
from tests.web.urdu import unsaid

pytestmark = pytest.mark.one_database


@pytest.fixture
def kept(empty_app):
    """Two organisations, each with a hidden place and a person who agreed; their identifiers."""
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        documents = [
            organization(
                name,
                service("Refuge", location(point, address(line, ""), protection="hidden")),
                contacts=[contact("Ada Birtwhistle", consented=True)],
            )
            for name, point, line in (
                ("Oak Trust", (404_500, 284_500), "14 Rosebriar Lane"),
                ("Elm Trust", (398_500, 284_500), "2 Tansy Row"),
            )
        ]
        keys = add(session, *documents)
        session.commit()
    return keys


def row(app, model, key, **facts):
    """The one row of a kind that belongs to an organisation."""
    with Session(app.extensions["engine"]) as session:
        if model is Location:
            from directory.models import Organization

            record = session.get_one(Organization, key)
            return record.services[0].service_at_locations[0].location_id
        return session.scalars(select(model.id).where(model.organization_id == key)).one()


def navigator(app, code=BIRMINGHAM):
    return signed_in(app, "navigator", patches=[code])


def forms(app, key):
    """What can be sent to the page of a record: address and fields."""
    base = f"/organisations/{key}"
    place, person = row(app, Location, key), row(app, Contact, key)
    reason = {f"reason-{place}": "The warden asked for it", f"protection-{place}": "open"}
    return {
        "unprotect": (f"{base}/places/{place}/protection", reason),
        "withdraw": (f"{base}/people/{person}/withdraw", {}),
        "send": (
            f"{base}/uploads",
            {"kind": "logo", "title": "Sign", "file": (io.BytesIO(picture()), "../x.svg")},
        ),
    }


def test_the_page_shows_what_is_withheld_to_those_who_keep_the_record_alone(empty_app, kept):
    address_of = f"/organisations/{kept[0]}/keeping"
    for client in (navigator(empty_app), signed_in(empty_app, "member", member_of=[kept[0]])):
        assert "14 Rosebriar Lane" in client.get(address_of).get_data(as_text=True)
    for client in (
        navigator(empty_app, SANDWELL),
        signed_in(empty_app, "member", member_of=[kept[1]]),
        signed_in(empty_app, "commissioner"),
    ):
        response = client.get(address_of)
        assert response.status_code == 403
        assert "Rosebriar" not in response.get_data(as_text=True)
    assert "/login" in empty_app.test_client().get(address_of).headers["Location"]


@pytest.mark.parametrize("what", ["unprotect", "withdraw", "send"])
def test_nobody_changes_a_record_that_is_not_theirs(empty_app, kept, what):
    for client in (
        navigator(empty_app, SANDWELL),
        signed_in(empty_app, "member", member_of=[kept[1]]),
        signed_in(empty_app, "commissioner"),
        empty_app.test_client(),
    ):
        where, fields = forms(empty_app, kept[0])[what]
        assert client.post(where, data=fields).status_code in (302, 403)
    with Session(empty_app.extensions["engine"]) as session:
        assert set(session.scalars(select(Location.protection))) == {"hidden"}
        assert set(session.scalars(select(Contact.consent_scope))) == {"public"}
        assert session.scalars(select(Upload)).all() == session.scalars(select(AuditEntry)).all() == []


def test_a_member_does_not_unprotect(empty_app, kept):
    client = signed_in(empty_app, "member", leads=[kept[0]])
    where, fields = forms(empty_app, kept[0])["unprotect"]
    assert client.post(where, data=fields).status_code == 403
    assert "Show more of this place" not in client.get(f"/organisations/{kept[0]}/keeping").get_data(
        as_text=True
    )


def test_one_records_page_does_nothing_to_another_record(empty_app, kept):
    client = signed_in(empty_app, "administrator")
    for what in ("unprotect", "withdraw"):
        where, fields = forms(empty_app, kept[0])[what]
        assert client.post(where.replace(kept[0], kept[1]), data=fields).status_code == 404


def test_a_navigator_shows_more_of_a_place_with_a_reason(empty_app, kept):
    client = navigator(empty_app)
    where, fields = forms(empty_app, kept[0])["unprotect"]
    place = row(empty_app, Location, kept[0])
    response = client.post(where, data=fields | {f"reason-{place}": "x"})
    assert response.status_code == 400
    assert "Give the reason" in response.get_data(as_text=True)
    response = client.post(where, data=fields, follow_redirects=True)
    assert "More of the place is shown" in response.get_data(as_text=True)
    with Session(empty_app.extensions["engine"]) as session:
        assert sorted(session.scalars(select(PublishedPlace.precision))) == ["hidden", "open"]


def test_consent_is_withdrawn_from_the_page(empty_app, kept):
    client = signed_in(empty_app, "member", member_of=[kept[0]])
    where, fields = forms(empty_app, kept[0])["withdraw"]
    assert "Birtwhistle" in client.get(f"/organisations/{kept[0]}").get_data(as_text=True)
    assert "withdrawn" in client.post(where, data=fields, follow_redirects=True).get_data(as_text=True)
    assert "Birtwhistle" not in client.get(f"/organisations/{kept[0]}").get_data(as_text=True)


def sent(app, kept, kind="logo", data=None):
    """A file that a member sent; where it is served."""
    client = signed_in(app, "member", member_of=[kept[0]])
    data = data or (picture() if kind == "logo" else paper())
    fields = {"kind": kind, "title": 'A "sign"; x=1', "file": (io.BytesIO(data), "evil.html")}
    assert client.post(f"/organisations/{kept[0]}/uploads", data=fields).status_code == 302
    return row(app, Upload, kept[0])


def test_a_file_is_the_publics_after_a_navigator_approved_it(empty_app, kept):
    key = sent(empty_app, kept)
    public, member = empty_app.test_client(), signed_in(empty_app, "member", member_of=[kept[0]])
    assert public.get(f"/uploads/{key}").status_code == 404
    assert member.get(f"/uploads/{key}").headers["Cache-Control"] == "private, no-store"
    assert signed_in(empty_app, "member", member_of=[kept[1]]).get(f"/uploads/{key}").status_code == 404
    approval = f"/organisations/{kept[0]}/uploads/{key}/approve"
    assert member.post(approval).status_code == 403
    assert navigator(empty_app).post(approval).status_code == 302
    assert public.get(f"/uploads/{key}").status_code == 200
    page = public.get(f"/organisations/{kept[0]}").get_data(as_text=True)
    assert f'src="/uploads/{key}" alt="A &#34;sign&#34;; x=1"' in page


@pytest.mark.parametrize(
    ("kind", "content_type", "way"),
    [("logo", "image/png", "inline"), ("document", "application/pdf", "attachment")],
)
def test_what_is_served_can_run_nowhere(empty_app, kept, kind, content_type, way):
    key = sent(empty_app, kept, kind)
    navigator(empty_app).post(f"/organisations/{kept[0]}/uploads/{key}/approve")
    response = empty_app.test_client().get(f"/uploads/{key}")
    assert response.headers["Content-Type"] == content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert re.fullmatch(rf'{way}; filename="a-sign-x-1\.(png|pdf)"', response.headers["Content-Disposition"])


def test_a_file_of_another_record_is_not_approved_or_removed_through_ones_own(empty_app, kept):
    key = sent(empty_app, kept)
    client = navigator(empty_app, SANDWELL)
    for what in ("approve", "remove"):
        assert client.post(f"/organisations/{kept[1]}/uploads/{key}/{what}").status_code == 404
        assert client.post(f"/organisations/{kept[0]}/uploads/{key}/{what}").status_code == 403


def test_a_file_that_is_refused_is_said_why(empty_app, kept):
    client = navigator(empty_app)
    fields = {"kind": "logo", "title": "Sign", "file": (io.BytesIO(b"<svg onload=alert(1)>"), "x.svg")}
    response = client.post(f"/organisations/{kept[0]}/uploads", data=fields)
    assert response.status_code == 400
    assert "SVG is not taken" in response.get_data(as_text=True)
    response = client.post(f"/organisations/{kept[0]}/uploads", data={"kind": "logo", "title": "Sign"})
    assert "Choose a file" in response.get_data(as_text=True)


def test_what_is_too_large_is_refused_before_it_is_read(empty_app, kept):
    big = {"kind": "logo", "title": "Sign", "file": (io.BytesIO(bytes(6 * 1024 * 1024)), "x.png")}
    response = navigator(empty_app).post(f"/organisations/{kept[0]}/uploads", data=big)
    assert response.status_code == 413
    assert "too large" in response.get_data(as_text=True)


def test_a_removed_file_is_served_to_nobody(empty_app, kept):
    key = sent(empty_app, kept)
    client = navigator(empty_app)
    client.post(f"/organisations/{kept[0]}/uploads/{key}/approve")
    client.post(f"/organisations/{kept[0]}/uploads/{key}/remove")
    assert client.get(f"/uploads/{key}").status_code == 404
    assert "/uploads/" not in client.get(f"/organisations/{kept[0]}").get_data(as_text=True)


def test_forms_without_the_token_do_nothing(empty_app, kept):
    empty_app.config["WTF_CSRF_ENABLED"] = True
    client = navigator(empty_app)
    for where, fields in forms(empty_app, kept[0]).values():
        assert client.post(where, data=fields).status_code == 400


def test_the_page_and_what_it_answers_are_in_urdu(empty_app, kept):
    key, left = kept[0], {}
    base, place = f"/ur/organisations/{key}", row(empty_app, Location, key)
    client = signed_in(empty_app, "administrator", "member", leads=(key,))

    def send(path, **data):
        answer = client.post(f"{base}/{path}", data=data)
        if answer.status_code == 302:
            answer = client.get(answer.headers["Location"])
        left.update(unsaid(answer, f"{path} with {data}"))

    left |= unsaid(client.get(f"{base}/keeping"), "before")
    words = {"kind": "document", "title": "A plan"}
    send("uploads", kind="x", title="x")
    send("uploads", kind="logo")
    for data in (b"", b"x", b"%PDF-1.4 x", paper(*["x"] * 41)):
        send("uploads", **words, file=(io.BytesIO(data), "x"))
    for data in (b"x", picture(size=(2, 2))):
        send("uploads", kind="logo", title="Oak", file=(io.BytesIO(data), "x"))
    send("uploads", **words, file=(io.BytesIO(paper()), "x.pdf"))
    upload = row(empty_app, Upload, key)
    send(f"uploads/{upload}/approve", go="on")
    send(f"places/{place}/protection", **{f"protection-{place}": "hidden", f"reason-{place}": "x" * 30})
    send(f"places/{place}/protection", **{f"protection-{place}": "open", f"reason-{place}": "x"})
    send(f"places/{place}/protection", **{f"protection-{place}": "area", f"reason-{place}": "x"})
    send(f"places/{place}/protection", **forms(empty_app, key)["unprotect"][1])
    send(f"people/{row(empty_app, Contact, key)}/withdraw", go="on")
    send(f"uploads/{upload}/remove", go="on")
    assert not left, "\n".join(left)
