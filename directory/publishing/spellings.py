"""The ways in which people write an address, a postcode, a name or a number: one expression for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from directory.models import Address
from geodata.postcodes import find_postcode, normalise_postcode

SHORTEST = 5
# People, and machines that read pictures, break words of this length or more.
SHORTEST_BROKEN = 6
# Fewer digits than these are not a telephone number, and may be a price or a year.
SHORTEST_NUMBER = 7
# Words that people shorten. Each stands for any other of its row.
ALIKE = (
    ("street", "st", "saint"),
    ("road", "rd"),
    ("avenue", "ave", "av"),
    ("lane", "ln"),
    ("drive", "dr"),
    ("close", "cl"),
    ("court", "ct"),
    ("crescent", "cres"),
    ("place", "pl"),
    ("square", "sq"),
    ("terrace", "terr"),
    ("gardens", "gdns"),
    ("house", "hse"),
    ("centre", "center", "ctr"),
    ("buildings", "building", "bldgs", "bldg"),
    ("estate", "est"),
)
_ALIKE = {word: "(?:" + "|".join(row) + ")" for row in ALIKE for word in row}
TITLES = "mr|mrs|ms|miss|mx|dr|rev|revd|reverend|pastor|father|fr|imam|rabbi|sister|brother|cllr|councillor"
# Marks inside a word that change nothing: accents on their own, apostrophes, hyphens nobody sees.
_SILENT = "['\u2019\u02bc\u0300-\u036f\u00ad\u200b-\u200d\u2060]*"
_BETWEEN = r"[\W_]*"
_BREAK = r"[\W_]{0,3}"
# Letters of other alphabets that look like ours: a text with some of them reads the same.
_LOOK_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u043a\u043c\u0442\u04bb\u0501\u051b\u051d"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0405\u0408\u050c\u04ae"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f"
    "\u03a1\u03a4\u03a5\u03a7\u0131\u0142\u00f8\u0111\u0261\u0269\u04c0\u04cf",
    "aeopcyxisjkmthdqwABEKMHOPCTYXISJGYaikvoptuABEZHIKMNOPTYXilodgiIl",
)
_DIGITS = {"0": "[0o]", "1": "[1il]", "5": "[5s]"}
_BETWEEN_WORDS = r"[\W_]*(?:and[\W_]+)?"
_BETWEEN_DIGITS = r"[\s().\-\u2010-\u2015/_]*"
_TITLE = re.compile(rf"^(?:{TITLES})\b\.?\s+", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:(?:flat|unit|room|suite|apartment|apt|no|number)\b\.?\s*)?\w*\d\w*(?:[-/.]\w*\d\w*)*"
)


def fold(text: str) -> str:
    """The text in small letters of ours without accents, character for character, so that places in it stay.

    >>> fold("Caf\\u00e9 \\uff3a\\uff3a \\u0420\\u043e\\u0455e")
    'cafe zz pose'
    """
    if text.isascii():
        return text.lower()
    return "".join(_fold_one(character) for character in text.translate(_LOOK_ALIKE))


def _fold_one(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0].translate(_LOOK_ALIKE).lower()
    return base if len(base) == 1 else character


def expression(spellings: Iterable[str]) -> re.Pattern[str] | None:
    """One expression that finds any of the spellings as whole words in a folded text."""
    choices = sorted(set(spellings), key=lambda choice: (-len(choice), choice))
    if not choices:
        return None
    return re.compile(r"(?<![^\W_])(?:" + "|".join(choices) + r")(?![^\W_])")


def words(text: str | None) -> str:
    """How a name or a line may be written: any case, spacing, hyphens and accents, short forms of streets."""
    plain = re.sub(_SILENT, "", fold(text or ""))
    parts = [part for part in re.findall(r"[^\W_]+", plain) if part != "and"]
    if parts[:1] == ["the"] and len(parts) > 2:
        del parts[0]
    if len("".join(parts)) < SHORTEST:
        return ""
    return _BETWEEN_WORDS.join(_ALIKE.get(part) or _letters(part) for part in parts)


def _letters(part: str) -> str:
    return (_BREAK if len(part) >= SHORTEST_BROKEN else _SILENT).join(part)


def postcode(text: str | None) -> str:
    """How a postcode may be written."""
    plain = re.sub(r"[\W_]", "", fold(normalise_postcode(text or "") or text or ""))
    return _BETWEEN.join(_DIGITS.get(c, c) for c in plain) if len(plain) >= SHORTEST else ""


def postcodes(address: Address) -> Iterator[str]:
    """How the postcodes of an address may be written: one may stand in any of its lines."""
    yield postcode(address.postal_code)
    for line in (address.address_1, address.address_2, address.city, address.region):
        found = find_postcode(line)
        if found:
            yield postcode(found)


def number(text: str | None) -> str:
    """How a telephone number may be written, from within the country and from without."""
    digits = re.sub(r"\D", "", re.split("[A-Za-z]", text or "")[0].replace("(0)", ""))
    national = re.sub(r"^(?:0044|44(?=\d{9})|0(?=\d{9}))0?", "", digits)
    if len(national) < SHORTEST_NUMBER:
        return ""
    abroad = rf"(?:\+|00)44{_BETWEEN_DIGITS}(?:0{_BETWEEN_DIGITS})?"
    return rf"(?:{abroad}|\(?0{_BETWEEN_DIGITS})?" + _BETWEEN_DIGITS.join(national)


def email(text: str | None) -> str:
    """How an e-mail address may be written."""
    name, _, host = fold((text or "").strip()).partition("@")
    if not name or not host:
        return ""
    return re.escape(name) + r"\s*(?:@|%40|[(\[]?\s*\bat\b\s*[)\]]?)\s*" + re.escape(host)


def person(name: str | None) -> Iterator[str]:
    """How a person may be called: by the whole name, surname first, or by a title and the surname."""
    plain = _TITLE.sub("", (name or "").strip())
    yield words(plain)
    parts = plain.split()
    if len(parts) > 1:
        yield words(" ".join([parts[-1], *parts[:-1]]))
        surname = re.findall(r"[^\W_]+", re.sub(_SILENT, "", fold(parts[-1])))
        yield rf"(?:{TITLES})[\W_]+" + _BETWEEN.join(surname) if surname else ""


def address_lines(address: Address, common: frozenset[str]) -> Iterator[str]:
    """How the lines of an address may be written, whole and without the number of the house.

    `common` are folded names of towns and areas, which give nothing away.
    """
    for line in (address.address_1, address.address_2, address.city, address.region):
        for part in {line or "", *re.split(r"[,;\n]", line or "")}:
            if fold(part).strip() not in common:
                yield words(part)
            for piece in _NUMBERED.split(fold(part)):
                street = piece.strip(" ,.-/")
                if len(re.findall(r"[^\W_]+", street)) > 1 and street not in common:
                    yield words(street)
