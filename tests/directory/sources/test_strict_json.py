"""JSON that cannot be trusted."""

import pytest

from directory.sources import entry
from directory.sources.entry import SourceError
from directory.sources.strict_json import parse_json, read_json


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff{}", "not in UTF-8: byte 1"),
        (b'{"a": \n}', "not JSON: line 2, column 1"),
        (b'{"a": 1, "a": 2}', "the key 'a' stands twice"),
        (b'{"a": 1, ' + b'"b": 2, ' * 19_999 + b'"b": 3}', "the key 'b' stands twice"),
        (b"[NaN]", "NaN is not a number"),
        (b"[1e999]", "the number 1e999 is too large"),
        (b"[" + b"9" * 5000 + b"]", "and so on is too long"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 80 + b"]" * 80, "nested more than 60 levels"),
        (rb'["a\u0000"]', "a character that cannot be stored"),
        (rb'{"\ud800": 1}', "a character that cannot be stored"),
    ],
)
def test_what_is_refused(data, reason):
    with pytest.raises(SourceError, match=reason):
        parse_json(data, "feed.json")


def test_what_is_read():
    assert parse_json('\ufeff{"a": [1, 2.5, "caf\u00e9", null]}'.encode(), "x") == {
        "a": [1, 2.5, "caf\u00e9", None]
    }


def test_a_file_is_bounded(write_json, monkeypatch):
    monkeypatch.setattr(entry, "MAX_BYTES", 3)
    with pytest.raises(SourceError, match="Split it"):
        read_json(write_json({"a": 1}))
