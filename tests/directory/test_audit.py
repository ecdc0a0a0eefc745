"""The audit log can be added to and checked, and nothing else."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from directory import audit


@pytest.fixture
def three_lines(committed):
    for number in range(3):
        audit.record(committed, None, "test", ("thing", str(number)), {"note": "é"})
    committed.commit()
    return committed


def test_lines_follow_each_other(three_lines):
    assert list(audit.problems(three_lines)) == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_take_out_a_line(three_lines, statement):
    with pytest.raises(DatabaseError, match="can only be added to"):
        three_lines.execute(text(statement))
    three_lines.rollback()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE audit_entry SET action = 'x' WHERE number = 2",
            ["Line 2 was changed after it was written."],
        ),
        (
            "DELETE FROM audit_entry WHERE number = 2",
            ["Line 2 is missing: the next one is 3.", "Line 3 does not follow the line before it."],
        ),
    ],
)
def test_whoever_gets_round_the_database_is_found_out(wiped_engine, statement, said):
    with Session(wiped_engine) as session:
        for number in range(3):
            audit.record(session, None, "test", ("thing", str(number)))
        if wiped_engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            session.execute(text("DROP TRIGGER audit_entry_update"))
            session.execute(text("DROP TRIGGER audit_entry_delete"))
        session.execute(text(statement))
        session.expire_all()
        assert list(audit.problems(session)) == said
        session.rollback()
