"""What is held on a person is found in every table, given out, and taken out of every one."""

import json
import sqlite3

import pytest
from sqlalchemy import select

from directory import audit
from directory.merging.merge import Merging, merge
from directory.models import (
    Account,
    AccountSession,
    AuditEntry,
    Base,
    Contact,
    FieldCheck,
    Message,
    Organization,
    OutboxMessage,
    Report,
    ReviewFlag,
    Revision,
    SavedSearch,
    Service,
    Submission,
    Upload,
    new_id,
)
from directory.publishing.vocabulary import withdraw
from directory.safekeeping.consent import withdraw_person
from directory.safekeeping.do_not_list import is_listed
from directory.safekeeping.erase import erase, look
from directory.safekeeping.holdings import NOT_PERSONAL, SECRET_COLUMNS, holdings
from directory.safekeeping.person import find_person
from directory.safekeeping.subject_access import readable_page, subject_access
from tests.conftest import TODAY
from tests.directory.bringing import bring
from tests.directory.planted import dump_published
from tests.directory.records import add, contact, location, organization, service, term

NAME, EMAIL, NUMBER = "Ada Birtwhistle", "ada@tansy-mail.example", "0121 496 0987"
TOKEN = "f" * 64


def ada():
    return contact(NAME, consented=True, email=EMAIL, number=NUMBER)


def plant(session):
    """A person in every table that can hold one; the identifiers of the organisation and of another."""
    talks = service(
        "Talks", contacts=[ada()], description=f"Ask for {NAME} or Mrs Birtwhistle", notes=f"{NAME} rang"
    )
    document = organization("Oak Trust", talks, contacts=[ada()], description=f"Write to {EMAIL}")
    oak, elm = add(
        session, document, organization("Elm Trust", service("Chess", description="No Mrs Birtwhistle"))
    )
    account = Account(email=EMAIL, name=NAME, password="argon2-hash", tf_totp_secret="totp-secret")
    session.add(account)
    session.flush()
    waiting = Submission(
        kind="change",
        organization_id=oak,
        document=document,
        email=EMAIL,
        token_hash=TOKEN,
        account_id=account.id,
    )
    session.add(waiting)
    session.flush()
    session.add_all(
        [
            AccountSession(account_id=account.id, token_hash="s" * 64, device="A telephone"),
            SavedSearch(account_id=account.id, name="Chess near me", question="what=chess"),
            Message(
                submission_id=waiting.id, author="submitter", account_id=account.id, text="I moved house"
            ),
            Message(submission_id=waiting.id, author="navigator", text=f"Thank you, {NAME}"),
            Report(organization_id=oak, about="wrong", text=f"{NAME} has left", email=EMAIL),
            ReviewFlag(organization_id=oak, reason="check", message=f"Is {NUMBER} right?"),
            OutboxMessage(recipient=EMAIL, subject="Still right?", text="Dear you", html="<p>Dear you</p>"),
            Upload(
                organization_id=oak,
                kind="document",
                title="Leaflet",
                content_type="application/pdf",
                checksum="c",
                size=1,
                text=f"Call {NAME}",
                content=b"x",
                account_id=account.id,
            ),
        ]
    )
    session.flush()
    return oak, elm


EVERYWHERE = {
    "account", "account_session", "contact", "message", "organization", "outbox_message", "phone",
    "published_organization", "published_service", "report", "review_flag", "revision", "saved_search",
    "service", "submission", "upload",
}  # fmt: skip


@pytest.mark.parametrize("asked", [NAME, "BIRTWHISTLE, ada", EMAIL])
def test_every_table_is_searched(draft, asked):
    plant(draft)
    answer = subject_access(draft, asked)
    assert {table["table"] for table in answer["tables"]} >= EVERYWHERE
    assert answer["emails"] == [EMAIL]
    said = json.dumps(answer)
    for words in ("Chess near me", "I moved house", "has left", "A telephone", NUMBER):
        assert words in said


def test_what_lets_somebody_sign_in_is_given_to_nobody(draft):
    plant(draft)
    said = json.dumps(subject_access(draft, EMAIL))
    for secret in ("argon2-hash", "totp-secret", TOKEN, "s" * 64):
        assert secret not in said


def test_others_are_left_out_of_the_answer(draft):
    plant(draft)
    said = json.dumps(subject_access(draft, EMAIL))
    assert "Elm Trust" not in said
    assert "No Mrs Birtwhistle" not in said


def test_the_page_can_be_read_and_runs_nothing(draft):
    plant(draft)
    draft.scalars(select(Report)).one().text = f"<script>alert(1)</script> {NAME}"
    draft.flush()
    page = readable_page(subject_access(draft, NAME))
    assert "<script>" not in page
    assert "has left" not in page
    assert "&lt;script&gt;" in page


def test_a_new_table_is_searched_unless_somebody_says_that_it_holds_nobody():
    assert set(Base.metadata.tables) >= NOT_PERSONAL


def test_nobody_is_found_for_a_name_that_is_nobodys(draft):
    plant(draft)
    assert subject_access(draft, "Somebody Else")["rows"] == 0


def everything(session):
    """Every row of every table, but for keys."""
    tables = [
        select(*(column for column in table.columns if column.name not in SECRET_COLUMNS))
        for table in Base.metadata.sorted_tables
    ]
    return "\n".join(str(tuple(row)) for query in tables for row in session.execute(query)).lower()


@pytest.mark.parametrize("asked", [NAME, EMAIL])
def test_an_erasure_leaves_nothing_in_any_table(draft, asked):
    oak, _ = plant(draft)
    done = erase(draft, asked, TODAY)
    held = everything(draft)
    for words in (NAME.lower(), EMAIL, "496 0987", 'mrs birtwhistle"', "i moved house", "chess near me"):
        assert words not in held, words
    shown = dump_published(draft).lower()
    # Another of the name: in her text, in the list of words, and among the words of the columns.
    for words in ("no mrs birtwhistle", "('birtwhistle', 1)", "no\nmrs\nbirtwhistle\n"):
        shown = shown.replace(words, "")
    assert "birtwhistle" not in shown
    assert done.rows["revision"] == 1
    assert draft.scalars(select(Revision.number).where(Revision.organization_id == oak)).all() == [1]


def test_the_rest_of_the_record_stays(draft):
    oak, _ = plant(draft)
    erase(draft, NAME, TODAY)
    record = draft.get_one(Organization, oak)
    assert record.name == "Oak Trust"
    assert record.services[0].description == "Ask for [erased] or [erased]"
    document = draft.scalars(select(Revision.document).where(Revision.organization_id == oak)).one()
    assert document["services"][0]["name"] == "Talks"
    assert "contacts" not in document or document["contacts"] == []
    assert (
        draft.scalars(select(Service.description).where(Service.name == "Chess")).one()
        == "No Mrs Birtwhistle"
    )


def test_whoever_has_a_submission_open_cannot_write_the_person_back(draft):
    plant(draft)
    before = draft.scalars(select(Submission.version)).one()
    erase(draft, NAME, TODAY)
    assert draft.scalars(select(Submission.version)).one() == before + 1


def test_the_log_says_that_it_was_done_and_not_of_whom(draft):
    plant(draft)
    erase(draft, NAME, TODAY)
    entry = draft.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.entity_id) == ("erase", None)
    assert list(entry.detail) == ["rows"]
    assert list(audit.problems(draft)) == []


def test_to_look_first_changes_nothing(draft):
    plant(draft)
    before = everything(draft)
    assert look(draft, NAME).rows["contact"] == 2
    assert everything(draft) == before


def test_a_record_of_one_person_goes_whole_with_its_places(draft):
    home = location((404_500, 284_500), name="Larder")
    (key,) = add(draft, organization(NAME, service("Advice", home), attributes=[term("kind", "individual")]))
    erase(draft, NAME, TODAY)
    assert draft.get(Organization, key) is None
    assert draft.scalars(select(Revision)).all() == []
    assert NAME.lower() not in everything(draft)
    assert "larder" not in everything(draft)


def test_a_record_of_one_person_goes_with_those_that_were_joined_into_it(draft):
    home, other = location((404_500, 284_500), name="Larder"), location((404_500, 284_500), name="Attic")
    keys = add(
        draft,
        organization(NAME, service("Advice", home), attributes=[term("kind", "individual")]),
        organization(f"{NAME} Advice", service("Classes", other), attributes=[term("kind", "individual")]),
    )
    merge(draft, *keys, Merging(None, TODAY))
    erase(draft, NAME, TODAY)
    left = everything(draft)
    assert draft.scalars(select(Revision)).all() == []
    assert [word for word in (NAME.lower(), "larder", "attic") if word in left] == []


def test_an_organisation_called_after_somebody_keeps_its_name(draft):
    add(draft, organization(f"The {NAME} Trust", service("Grants"), contacts=[ada()]))
    done = erase(draft, NAME, TODAY)
    assert done.left == 1
    assert draft.scalars(select(Organization.name)).all() == [f"The {NAME} Trust"]
    assert draft.scalars(select(Contact)).all() == []


def test_who_is_listed_too_does_not_come_back(committed, tmp_path):
    oak = organization("Oak Trust", contacts=[ada()])
    bring(committed, tmp_path, oak)
    erase(committed, NAME, TODAY, list_too=True)
    committed.commit()
    assert is_listed(committed, "person", NAME)
    report = bring(committed, tmp_path, oak | {"description": "Changed"})
    assert report.left_out == 1
    assert committed.scalars(select(Contact)).all() == []


def test_a_shared_number_of_the_organisation_is_not_the_persons(draft):
    phones = [{"id": new_id(), "number": NUMBER}]
    add(draft, organization("Oak Trust", contacts=[ada()], phones=phones, email=EMAIL))
    person = find_person(draft, NAME)
    assert (person.numbers, person.emails) == (frozenset(), frozenset())
    erase(draft, NAME, TODAY)
    assert draft.scalars(select(Organization.email)).one() == EMAIL


def test_withdrawn_consent_takes_effect_at_once_and_stops_letters(draft):
    plant(draft)
    assert NAME in dump_published(draft)
    done = withdraw_person(draft, EMAIL, None, TODAY)
    assert (done.contacts, done.letters) == (2, 1)
    assert NAME.lower() not in dump_published(draft).lower()
    assert draft.scalars(select(OutboxMessage)).all() == []


def test_an_old_consent_does_not_come_back_with_a_file_and_a_new_one_does(committed, tmp_path):
    oak = organization("Oak Trust", contacts=[ada()])
    bring(committed, tmp_path, oak)
    withdraw_person(committed, NAME, None, TODAY)
    committed.commit()
    bring(committed, tmp_path, oak | {"description": "Changed"})
    assert committed.scalars(select(Contact.consent_scope)).all() == ["withdrawn"]
    oak["contacts"][0]["consent_date"] = "2199-01-01"
    bring(committed, tmp_path, oak | {"description": "Again"})
    assert committed.scalars(select(Contact.consent_scope)).all() == ["public"]


def test_checks_of_fields_hold_nobody(draft):
    plant(draft)
    person = find_person(draft, NAME)
    assert FieldCheck.__tablename__ not in {one.table.name for one in holdings(draft, person)}


@pytest.mark.one_database
def test_the_file_of_the_database_holds_nothing_after_the_command(empty_app, tmp_path):
    from sqlalchemy.orm import Session

    with Session(empty_app.extensions["engine"]) as session:
        _, elm = plant(session)
        session.flush()
        withdraw(session, [elm])  # there the name is another's, and stays a public word
        session.commit()
    path = empty_app.config["DATABASE_URL"].removeprefix("sqlite:///")
    result = empty_app.test_cli_runner().invoke(args=["directory", "erase", NAME, "--yes"])
    assert result.exit_code == 0, result.output
    empty_app.extensions["engine"].dispose()
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(path, "rb") as file:
        held = file.read().lower().replace(b"no mrs birtwhistle", b"").replace(b"no mr birtwhistl", b"")
    assert b"birtwhistle" not in held
    assert b"tansy-mail" not in held
