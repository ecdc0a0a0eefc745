"""Sessions as rows: what a browser is called, and what of a token is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.accounts.sessions import device_of, hash_of, open_session
from directory.models import Account, AccountSession, utc_now

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/130.0", "Edge on Windows"),
        (PHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "A browser"),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_a_few_words_of_ours(said, words):
    assert device_of(said) == words


def test_sessions_of_long_ago_are_forgotten(draft):
    account = Account(email="a@example.org")
    draft.add(account)
    draft.flush()
    for days in (91, 89):
        open_session(draft, account.id, "")[0].created_at = utc_now() - timedelta(days=days)
    open_session(draft, account.id, "")
    draft.flush()
    assert len(draft.scalars(select(AccountSession)).all()) == 2


def test_tokens_are_new_each_time_and_only_their_hash_is_kept(draft):
    account = Account(email="a@example.org")
    draft.add(account)
    draft.flush()
    (first, one), (_, other) = (open_session(draft, account.id, "") for _ in range(2))
    assert one != other
    assert len(one) >= 43
    assert first.token_hash == hash_of(one)
