"""The command that checks the audit log."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from directory import audit
from directory.cli.group import commands
from directory.models.turns import begin_writing


def write(app, *statements):
    with Session(app.extensions["engine"]) as session:
        for number in range(3):
            audit.record(session, None, "test", ("thing", str(number)))
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        elif statements:
            begin_writing(session.connection())
            session.execute(text("DROP TRIGGER audit_entry_update"))
        for statement in statements:
            session.execute(text(statement))
        session.commit()


def test_a_log_as_it_was_written_is_whole(empty_app):
    write(empty_app)
    result = empty_app.test_cli_runner().invoke(commands, ["check-audit"])
    assert result.exit_code == 0
    assert "3 lines, each as it was written." in result.output


def test_a_changed_line_is_named_and_the_exit_code_says_so(empty_app):
    write(empty_app, "UPDATE audit_entry SET action = 'x' WHERE number = 2")
    result = empty_app.test_cli_runner().invoke(commands, ["check-audit"])
    assert result.exit_code == 1
    assert "Line 2 was changed after it was written." in result.output
