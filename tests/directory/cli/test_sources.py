"""The list of sources, and refreshing them by a command."""

import pytest

from tests.feed_server import feeding

pytestmark = pytest.mark.one_database


@pytest.fixture
def feed():
    with feeding(4) as opened:
        yield opened


@pytest.fixture
def added(run, write, feed):
    """A feed that is on the list."""
    declared = (
        f'title = "A feed"\nreader = "openreferral-feed"\nrefresh_days = 7\naddresses = ["{feed.address}"]\n'
    )
    return run("sources", "--add", write("feed.toml", declared))


def test_a_source_is_listed_refreshed_when_due_and_stopped(run, added):
    code, said = added
    assert code == 0
    assert "feed is on the list" in said
    assert "no run yet" in said
    code, said = run("refresh", "--private")
    assert (code, "4 new, 0 changed, 0 as before, 0 gone" in said) == (0, True)
    code, said = run("sources")
    assert "finished, 4 new, 0 changed, 0 gone" in said
    assert "4 organisations shown, 0 no longer in the source; due " in said
    assert "feed is fetched no longer" in run("sources", "--stop", "feed")[1]
    assert "not fetched by itself" in run("sources")[1]


def test_a_feed_on_a_private_address_is_refused_and_the_command_says_so_to_cron(run, added, feed):
    code, said = run("refresh", "feed")
    assert (code, feed.asked) == (1, [])
    assert "private address: refused" in said
    assert "1 of 1 sources need somebody to look at them." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("refresh", "nothing"), "There is no source 'nothing'"),
        (("refresh", "--accept-drop"), "Say which source"),
        (("sources", "--stop", "nothing"), "No source 'nothing' is fetched"),
        (("sources", "--add", "clubs"), "has no addresses"),
        (("sources", "--add", "nothing"), "There is no mapping"),
    ],
)
def test_what_cannot_be_done_is_said(run, words, said):
    code, output = run(*words)
    assert code == 1
    assert said in output
