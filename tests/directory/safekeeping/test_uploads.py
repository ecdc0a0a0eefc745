"""Files are kept unseen until a navigator approves them, and go when they hold what is withheld."""

import pytest
from sqlalchemy import select

from directory.models import AuditEntry, Location, PublishedOrganization, Upload
from directory.publishing.publish import publish
from directory.safekeeping.pictures import RefusedError
from directory.safekeeping.uploads import MOST_BYTES, Incoming, approve, keep, remove, uploads_of
from tests.conftest import TODAY
from tests.directory.records import add, address, location, organization, service
from tests.directory.safekeeping.files import paper, picture


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Make files anew in this process: that it is done in one of its own is tested by itself."""
    from directory.safekeeping import uploads
    from directory.safekeeping.papers import remake_pdf
    from directory.safekeeping.pictures import remake_picture

    def remake(kind, data):
        if kind == "logo":
            return *remake_picture(data), ""
        made, text = remake_pdf(data)
        return made, "application/pdf", text

    monkeypatch.setattr(uploads, "remake", remake)


@pytest.fixture
def oak(draft):
    """An organisation with an open place."""
    (key,) = add(
        draft,
        organization("Oak Trust", service("Chess", location(None, address("14 Rosebriar Lane", "ZZ1 1AA")))),
    )
    return key


def send(session, key, kind="logo", data=None, title="Our sign"):
    data = (picture() if kind == "logo" else paper("Come in")) if data is None else data
    return keep(session, Incoming(key, kind, title, data, None))


def shown(session):
    return session.scalars(select(PublishedOrganization.document)).one().get("uploads", [])


def test_a_file_is_shown_once_it_is_approved(draft, oak):
    upload = send(draft, oak)
    publish(draft, [oak], TODAY)
    assert shown(draft) == []
    approve(draft, upload, None, TODAY)
    (file,) = shown(draft)
    assert (file["id"], file["kind"], file["title"], file["content_type"]) == (
        upload.id, "logo", "Our sign", "image/png",
    )  # fmt: skip
    assert [entry.action for entry in draft.scalars(select(AuditEntry).order_by(AuditEntry.number))] == [
        "upload",
        "approve upload",
    ]


def test_a_new_logo_takes_the_place_of_the_old(draft, oak):
    old, new = send(draft, oak), send(draft, oak, title="New sign")
    approve(draft, old, None, TODAY)
    approve(draft, new, None, TODAY)
    assert [file["title"] for file in shown(draft)] == ["New sign"]
    assert [one.title for one in uploads_of(draft, oak)] == ["New sign"]


def test_what_is_removed_is_gone(draft, oak):
    upload = send(draft, oak, "document")
    approve(draft, upload, None, TODAY)
    remove(draft, upload, None, TODAY)
    assert shown(draft) == []
    assert draft.scalars(select(Upload)).all() == []


def hide(session):
    session.scalars(select(Location)).one().protection = "hidden"
    session.flush()


@pytest.mark.parametrize(
    ("text", "title"), [("Find us at 14 Rosebriar Lane", "Leaflet"), ("Come in", "ZZ1 1AA")]
)
def test_a_document_that_holds_what_is_withheld_is_not_approved(draft, oak, text, title):
    hide(draft)
    upload = send(draft, oak, "document", paper(text), title)
    with pytest.raises(RefusedError, match="withholds"):
        approve(draft, upload, None, TODAY)
    assert upload.approved_at is None


def test_a_document_goes_when_what_it_holds_is_hidden_later(draft, oak):
    upload = send(draft, oak, "document", paper("Find us at 14 Rosebriar Lane"))
    approve(draft, upload, None, TODAY)
    assert len(shown(draft)) == 1
    hide(draft)
    publish(draft, [oak], TODAY)
    assert shown(draft) == []


@pytest.mark.parametrize(
    ("kind", "title", "data", "words"),
    [
        ("script", "Our sign", None, "logo or a document"),
        ("logo", " \n ", None, "few words"),
        ("logo", "x" * 121, None, "few words"),
        ("logo", "Our sign", b"", "empty"),
        ("logo", "Our sign", b"\x89PNG" + bytes(MOST_BYTES), "5 MB"),
        ("logo", "Our sign", paper(), "not a picture"),
        ("document", "Leaflet", picture(), "not a PDF"),
    ],
)
def test_what_is_refused_says_why_and_is_not_kept(draft, oak, kind, title, data, words):
    with pytest.raises(RefusedError, match=words):
        send(draft, oak, kind, data, title)
    assert draft.scalars(select(Upload)).all() == []


def test_there_is_an_end_to_how_many_are_kept(draft, oak, monkeypatch):
    monkeypatch.setattr("directory.safekeeping.uploads.MOST_UPLOADS", 1)
    send(draft, oak)
    with pytest.raises(RefusedError, match="Take one out"):
        send(draft, oak)


def test_a_title_is_one_line(draft, oak):
    assert send(draft, oak, title="Our\r\nSet-Cookie: x\x00sign").title == "Our Set-Cookie: x sign"
