"""A small storm of reviewers in processes of which some are killed; `scripts/storm.py` raises a large one."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.db import make_engine
from scripts.storm import rage
from scripts.storming.stage import set_up
from scripts.storming.verify import faults, journal_lines
from scripts.storming.work import Storm

ORGANIZATIONS, REVIEWERS = 4, 3


@pytest.fixture
def storm(empty_url, tmp_path):
    engine = make_engine(empty_url)
    with Session(engine) as session:
        set_up(session, ORGANIZATIONS, REVIEWERS)
    engine.dispose()
    return Storm(empty_url, ORGANIZATIONS, REVIEWERS, tmp_path)


def found(storm, *statements):
    engine = make_engine(storm.url)
    with Session(engine) as session:
        for statement in statements:
            session.execute(text(statement))
        answer = list(faults(session, ORGANIZATIONS, storm.journals))
        session.rollback()
    engine.dispose()
    return answer


@pytest.mark.unmeasured
def test_nothing_is_lost_or_done_twice_when_reviewers_collide_and_processes_are_killed(storm):
    assert rage(storm, processes=3, actions=36, kills=2) == 2
    done = [verb for outcome, verb, _ in journal_lines(storm.journals) if outcome == "done"]
    assert {"approve", "amend"} <= set(done)
    assert found(storm) == []
    # And what would be wrong would be found.
    assert "letters are in the outbox" in found(storm, "DELETE FROM outbox_message")[0]
    assert any("was lost" in fault for fault in found(storm, "DELETE FROM service"))
    assert any("amendments" in fault for fault in found(storm, "UPDATE organization SET description = '99'"))
    assert found(storm, "UPDATE submission SET status = 'approved'")
