"""Names, web addresses and numbers as they are compared."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

# Hosts of many: that two groups write from them says nothing.
SHARED_HOSTS = frozenset(
    (
        *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.co.uk"),
        *("live.com", "yahoo.com", "yahoo.co.uk", "aol.com", "btinternet.com", "icloud.com", "msn.com"),
        *("sky.com", "talktalk.net", "virginmedia.com", "blueyonder.co.uk", "ntlworld.com", "me.com"),
        *("facebook.com", "instagram.com", "twitter.com", "x.com", "linktr.ee", "eventbrite.co.uk"),
        *("sites.google.com", "google.com", "wordpress.com", "wixsite.com", "weebly.com", "youtube.com"),
    )
)
DIGITS = 9  # the last ones of a telephone number, the same from within the country and from without


def plain_names(names: pd.Series[str]) -> pd.Series[str]:
    """Names in small letters and as plain words: without legal forms, abbreviations written out.

    A name of nothing but such words keeps them.
    """
    codes, known = pd.factorize(texts(names).to_numpy(dtype=object))
    bare = pd.Series(known, dtype=str).str.replace("&amp;|&", " and ", regex=True)
    bare = bare.str.replace(r"&#?\w+;|['\u2018\u2019`\u00b4\u02bc]", "", regex=True)
    bare = bare.str.normalize("NFKD").str.replace("[\u0300-\u036f]", "", regex=True).str.casefold()
    bare = bare.str.replace(r"[\W_]+", " ", regex=True).str.strip()
    # c i c, y m c a; and 1st, 2nd, as the figure alone
    bare = bare.str.replace(r"\b[a-z](?: [a-z]\b)+", lambda found: found[0].replace(" ", ""), regex=True)
    bare = bare.str.replace(r"\b0*(\d+)(?:st|nd|rd|th)\b", r"\1", regex=True)
    pattern, words = _words()
    bare = bare.str.replace(pattern, lambda found: words[found[0]], regex=True)
    # A look-up a word: a pattern of all the words takes ten times as long.
    plain = [
        " ".join(" ".join(words.get(word, word) for word in name.split()).split()) for name in bare.tolist()
    ]
    whole = np.array([a or b for a, b in zip(plain, bare.tolist(), strict=True)], dtype=object)
    return pd.Series(whole[codes] if len(codes) else whole, index=names.index, dtype=str)


def texts(values: pd.Series[str]) -> pd.Series[str]:
    """A column as texts: what is not known is empty."""
    return pd.Series(np.where(values.isna(), "", values.astype(object)), index=values.index, dtype=str)


@cache
def _words() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """How words are written; and a pattern of ways of writing that are several words, longer ones first."""
    table = tomllib.loads((files("directory.matching") / "words.toml").read_text("utf-8"))
    words = {way: plain for plain, ways in table["write_as"].items() for way in ways}
    words |= dict.fromkeys(table["leave_out"], "")
    ways = sorted((way for way in words if " " in way), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ways))})\b"), words


def domains(addresses: pd.Series[str]) -> pd.Series[str]:
    """The host of web or e-mail addresses, without www; empty where it is shared by many or is not there."""
    host = texts(addresses).str.strip().str.casefold()
    host = host.str.replace(r"^[a-z]+:/*", "", regex=True).str.replace("^.*@", "", regex=True)
    host = host.str.replace(r"[/?#:].*$", "", regex=True).str.replace(r"^www\d?\.", "", regex=True)
    known = host.str.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+") & ~host.isin(SHARED_HOSTS)
    return host.where(known, "")


def telephones(numbers: pd.Series[str]) -> pd.Series[str]:
    """The last digits of telephone numbers; empty where there are too few."""
    digits = texts(numbers).str.replace("(0)", "", regex=False)
    digits = digits.str.replace(r"\D", "", regex=True)
    return digits.str[-DIGITS:].where(digits.str.len() >= DIGITS, "")


def postcodes(written: pd.Series[str]) -> pd.Series[str]:
    """Postcodes without their space; empty where there is none."""
    bare = texts(written).str.upper().str.replace(r"\s", "", regex=True)
    return bare.where(bare.str.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}"), "")
