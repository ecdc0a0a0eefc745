"""The queue, and the page of one submission: what navigators see, and what they may do."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from directory.models import Claim, Membership, Organization, Report, ReviewFlag, Submission
from tests.accounts import signed_in
from tests.directory.documents import contact, made_id, service
from tests.directory.records import BIRMINGHAM, SANDWELL, location
from tests.web.reviewing import (
    IN_BIRMINGHAM,
    LANTERN,
    accepted,
    database,
    fill,
    here,
    letters,
    navigator,
    record,
    status,
    waiting,
    with_areas,
)


@pytest.fixture
def app(empty_app):
    with_areas(empty_app)
    return empty_app


@pytest.fixture
def recorded(app):
    """An application with one record."""
    with database(app) as session:
        accepted(session, here(description="Music"))
    return app


def test_the_queue_shows_what_waits_in_ones_own_authorities(app):
    waiting(app, here(), authority_code=BIRMINGHAM)
    waiting(app, record(name="Elsewhere"), authority_code=SANDWELL)
    waiting(app, record(name="Nowhere"))
    page = navigator(app).get("/review").get_data(as_text=True)
    assert "Lantern Youth Project" in page
    assert "Nowhere" in page
    assert "Elsewhere" not in page


@pytest.fixture
def filled(app):
    fill(app)
    return app


@pytest.mark.parametrize("kind", ["new", "change", "import", "claim", "report", "flag", "due"])
def test_every_kind_is_counted_and_can_be_chosen(filled, kind):
    client = navigator(filled)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/review.csv?kind={kind}").data.decode("utf-8-sig"))))
    assert len(rows) == 1
    assert "1 thing" in client.get(f"/review?kind={kind}").get_data(as_text=True)


def test_the_queue_can_be_searched_and_taken_away(filled):
    client = navigator(filled)
    response = client.get("/review.csv")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert len(rows) == 7
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert {row["authorities"] for row in rows} == {"Birmingham"}
    assert len(client.get("/review.csv?what=fresh").data.splitlines()) == 2
    assert "Nothing waits here" in client.get("/review?what=zzz").get_data(as_text=True)
    assert client.get("/review?page=999&sort=newest&answer=no&authority=" + BIRMINGHAM).status_code == 200


def test_nobody_sees_or_decides_about_what_lies_elsewhere(filled):
    with database(filled) as session:
        key = session.scalars(select(Submission.id).where(Submission.kind == "change")).one()
        report, claim = session.scalar(select(Report.id)), session.scalar(select(Claim.id))
    client = navigator(filled, SANDWELL)
    page = f"/review/submissions/{key}"
    for address in (page, f"{page}/preview", f"/review/records/{LANTERN}"):
        assert client.get(address).status_code == 403, address
    posts = [f"{page}/approve", f"{page}/ask", f"{page}/reject", f"/review/records/{LANTERN}/flags"]
    for address in [*posts, f"/review/reports/{report}", f"/review/claims/{claim}"]:
        assert client.post(address, data={"version": 1, "reason": "x"}).status_code == 403, address
    assert status(filled, key) == "submitted"


@pytest.mark.parametrize("roles", [(), ("member",), ("commissioner",)])
def test_only_those_who_review_get_in(filled, roles):
    client = signed_in(filled, *roles, member_of=[LANTERN])
    for address in ("/review", "/review.csv", f"/review/records/{LANTERN}"):
        assert client.get(address).status_code == 403


def form(version=1, number=None, reason="", **more):
    return {"version": version, "reason": reason, **({"number": number} if number else {}), **more}


def test_the_page_shows_the_differences_and_approving_publishes(recorded):
    key = waiting(recorded, here(description="Dance"), "change", base_number=1)
    client = navigator(recorded)
    page = client.get(f"/review/submissions/{key}").get_data(as_text=True)
    assert "What it is" in page
    assert "Music" in page
    assert "Dance" in page
    assert "Dance" not in client.get(f"/organisations/{LANTERN}").get_data(as_text=True)
    ticked = {"take": "organization.description", "offered": "organization.description"}
    response = client.post(f"/review/submissions/{key}/approve", data=form(1, 1, **ticked))
    assert response.status_code == 303
    assert "Approved. Everybody can see it now." in client.get(response.location).get_data(as_text=True)
    assert "Dance" in client.get(f"/organisations/{LANTERN}").get_data(as_text=True)
    assert [subject for _, subject, _ in letters(recorded)] == ["Lantern Youth Project is in the directory"]
    assert f"http://127.0.0.1:5000/organisations/{LANTERN}" in letters(recorded)[0][2]


def test_what_is_unticked_stays_and_what_is_written_counts(recorded):
    key = waiting(recorded, here(description="Dance", email="a@b.org"), "change", base_number=1)
    data = {
        "offered": ["organization.description", "organization.email"],
        "take": ["organization.description"],
        "write:organization.description": "Dance and song",
        "was:organization.description": "Dance",
        "write:organization.email": "a@b.org",
        "was:organization.email": "a@b.org",
    }
    navigator(recorded).post(f"/review/submissions/{key}/approve", data=form(1, 1, **data))
    with database(recorded) as session:
        found = session.get_one(Organization, LANTERN)
        assert (found.description, found.email) == ("Dance and song", None)


def test_the_second_reviewer_sees_who_did_what_and_loses_no_words(recorded):
    key = waiting(recorded, here(description="Dance"), "change", base_number=1)
    first, second = navigator(recorded), navigator(recorded)
    first.post(f"/review/submissions/{key}/approve", data=form(1, 1))
    response = second.post(f"/review/submissions/{key}/reject", data=form(1, 1, "My long reason"))
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Somebody else was here before you" in page
    assert "A Tester approved" in page
    assert "What is different in the record now" in page
    assert status(recorded, key) == "approved"
    response = second.post(f"/review/submissions/{key}/approve", data=form(1, 1))
    assert (response.status_code, len(letters(recorded))) == (409, 1)


def test_a_second_reviewer_who_can_still_decide_keeps_what_was_typed(recorded):
    key = waiting(recorded, here(description="Dance"), "change", base_number=1)
    navigator(recorded).post(f"/review/submissions/{key}/ask", data=form(1, 1, "Which?"))
    response = navigator(recorded).post(
        f"/review/submissions/{key}/reject", data=form(1, 1, "My long reason")
    )
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    # It stands in the box it was typed in, and a question to the sender does not begin with it.
    assert boxes_of(page) == {"approve": "", "ask": "", "reject": "My long reason"}
    assert "What is different in the record now" not in page


@pytest.mark.parametrize("act", ["ask", "reject"])
def test_every_form_of_a_submission_sends_which_version_of_the_record_was_seen(recorded, act):
    key = waiting(recorded, here(description="Dance"), "change", base_number=1)
    page = navigator(recorded).get(f"/review/submissions/{key}").get_data(as_text=True)
    sent = page.split(f'/{act}">')[1].split("</form>")[0]
    assert '<input type="hidden" name="number" value="1">' in sent


def test_what_was_unticked_stays_so_after_somebody_else_was_faster(recorded):
    key = waiting(recorded, here(description="Dance", email="a@b.org"), "change", base_number=1)
    navigator(recorded).post(f"/review/submissions/{key}/ask", data=form(1, 1, "Which?"))
    ticks = {"offered": ["organization.description", "organization.email"], "take": "organization.email"}
    response = navigator(recorded).post(f"/review/submissions/{key}/approve", data=form(1, 1, **ticks))
    assert response.status_code == 409
    ticked = re.findall(
        r'name="take" type="checkbox" value="([^"]+)"( checked)?', response.get_data(as_text=True)
    )
    assert dict(ticked) == {"organization.description": "", "organization.email": " checked"}


def boxes_of(page):
    """What stands in the boxes for a reason, by what each form does."""
    return {
        act: text.strip() for act, text in re.findall(r'id="(\w+)-reason" [^>]*>([^<]*)</textarea>', page)
    }


@pytest.mark.parametrize("act", ["ask", "reject"])
def test_words_are_needed_to_ask_and_to_reject(recorded, act):
    key = waiting(recorded, here(), "change", base_number=1)
    response = navigator(recorded).post(f"/review/submissions/{key}/{act}", data=form())
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "<title>Problem: " in page
    # The list on top leads to the box, and the box says it as well.
    assert f'<a href="#{act}-reason">Nothing was done, because a ' in page
    assert f'aria-describedby="{act}-reason-hint {act}-reason-problem"' in page
    assert page.count("govuk-textarea--error") == 1
    assert (status(recorded, key), letters(recorded)) == ("submitted", [])


def test_a_check_that_fails_is_named_and_keeps_the_record_out(app):
    key = waiting(app, here(service("Studio", minimum_age=-3), website="nowhere"), authority_code=BIRMINGHAM)
    client = navigator(app)
    page = client.get(f"/review/submissions/{key}").get_data(as_text=True)
    assert "The service Studio, minimum age:" in page
    assert "Keeps it out" in page
    response = client.post(f"/review/submissions/{key}/approve", data=form())
    assert response.status_code == 422
    assert "not an age" in response.get_data(as_text=True)
    assert "a check keeps it out" in client.get(f"/review/submissions/{key}/preview").get_data(as_text=True)


def test_the_preview_is_what_the_public_would_see_and_changes_nothing(app):
    hidden = location(IN_BIRMINGHAM, name="Safe House", protection="hidden")
    document = here(service("Studio", hidden, description="At Safe House"), contacts=[contact("Amina Khan")])
    key = waiting(app, document, authority_code=BIRMINGHAM)
    client = navigator(app)
    page = client.get(f"/review/submissions/{key}/preview").get_data(as_text=True)
    assert "Amina Khan" in page
    assert "Safe House" not in page
    assert client.get(f"/organisations/{LANTERN}").status_code == 404
    with database(app) as session:
        assert session.scalars(select(Organization)).all() == []


def test_likely_duplicates_are_named_with_their_reasons(recorded):
    twin = here(name="Lantern Youth Projects") | {"id": made_id("twin"), "services": []}
    key = waiting(recorded, twin, authority_code=BIRMINGHAM)
    page = navigator(recorded).get(f"/review/submissions/{key}").get_data(as_text=True)
    assert f'href="/organisations/{LANTERN}">Lantern Youth Project</a>: The name says the same.' in page


def test_text_of_strangers_is_shown_as_text(recorded):
    nasty = "<script>alert(1)</script>"
    key = waiting(recorded, here(name=nasty, description=nasty), "change", base_number=1)
    with database(recorded) as session:
        session.add(Report(organization_id=LANTERN, about="other", text=nasty))
    client = navigator(recorded)
    for address in ("/review", f"/review/submissions/{key}", f"/review/records/{LANTERN}"):
        assert nasty not in client.get(address).get_data(as_text=True)


def test_flags_reports_and_claims_are_settled_on_the_page_of_the_record(filled):
    client = navigator(filled)
    with database(filled) as session:
        flag, report, claim = (session.scalar(select(model.id)) for model in (ReviewFlag, Report, Claim))
    page = client.get(f"/review/records/{LANTERN}").get_data(as_text=True)
    for words in ("Closed at 5", "Mine", "Due on 23 November 2026"):
        assert words in page
    for address, data in (
        (f"/review/records/{LANTERN}/flags", {"flag": flag, "reason": "Rang them"}),
        (f"/review/reports/{report}", form(reason="Corrected", outcome="done")),
        (f"/review/claims/{claim}", form(outcome="granted")),
    ):
        assert client.post(address, data=data).status_code == 303, address
        again = client.post(address, data=data | {"reason": "Words that took me long"})
        assert again.status_code == 409, address
        # Its box is gone with what it was about.
        assert "Words that took me long" in again.get_data(as_text=True)
    with database(filled) as session:
        assert session.get_one(ReviewFlag, flag).outcome == "Rang them"
        assert session.get_one(Report, report).status == "done"
        member = session.scalars(select(Membership)).one()
        assert (member.organization_id, member.is_lead) == (LANTERN, True)
        assert [role.name for role in member.account.roles] == ["member"]
    assert [recipient for recipient, *_ in letters(filled)] == ["amina@example.org"]


def test_who_hears_a_button_by_itself_knows_what_it_is_about(app):
    fill(app)
    client, change = navigator(app), waiting(app, here(description="Dance"), "change", base_number=1)
    page = client.get(f"/review/records/{LANTERN}").get_data(as_text=True)
    for words in ("Settled", "Not a report that helps"):
        assert f'{words}<span class="govuk-visually-hidden">: The opening hours are wrong, ' in page
    for words in ("Grant", "Refuse"):
        assert f'{words}<span class="govuk-visually-hidden">: A Tester (amina@example.org)</span>' in page
    page = client.get(f"/review/submissions/{change}").get_data(as_text=True)
    about = ": The organisation, What it is</span>"
    assert f'Write it otherwise<span class="govuk-visually-hidden">{about}' in page
    assert "Take: The organisation, What it is<" in page
    with database(app) as session:
        report = session.scalars(select(Report.id)).one()
    page = client.post(f"/review/reports/{report}", data=form()).get_data(as_text=True)
    assert f'<a href="#report-{report}">' in page
    assert f'aria-describedby="report-{report}-problem"' in page


def test_a_list_in_which_nothing_can_be_ticked_has_no_column_for_it(app):
    fill(app)
    client = navigator(app)
    everything = client.get("/review").get_data(as_text=True)
    assert ">Choose</th>" in everything
    assert everything.count("On its own page") == 3  # what was claimed and reported, and what is due
    due = client.get("/review?kind=due").get_data(as_text=True)
    assert ">Choose</th>" not in due
    assert "Decide about all that are ticked" not in due
