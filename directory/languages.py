"""In which language something is said: English as it stands in the code, or another by its catalogue.

Whoever answers a request says `with speak(language)`; whatever is said inside comes out in that language.
Code below the web knows nothing else of languages. Outside of a request all is English, but for letters: they
are written in the language of who reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import NullTranslations
from importlib import resources
from typing import overload

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import Translations
from markupsafe import Markup

_MONTHS = "January February March April May June July August September October November December"
MONTHS = tuple(_MONTHS.split())
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, eq=False)
class Language:
    """A language of the pages: its code in addresses and for Babel, its tag in HTML, its own name."""

    code: str
    tag: str
    name: str

    @property
    def direction(self) -> str:
        """Which way it is written: ltr or rtl."""
        return Locale.parse(self.code).text_direction


ENGLISH = Language("en", "en-GB", "English")
URDU = Language("ur", "ur", "\u0627\u0631\u062f\u0648")
LANGUAGES = {one.code: one for one in (ENGLISH, URDU)}

_spoken: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def spoken() -> Language:
    """The language in which things are said now."""
    return _spoken.get()


@contextmanager
def speak(language: Language) -> Iterator[None]:
    """Say all that is said inside in a language."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def catalogue(code: str) -> NullTranslations:
    """The sentences of a language, by the English ones. Empty where it was not compiled (`make ready`)."""
    folder = resources.files("directory") / "translations"
    return Translations.load(str(folder), [code])


def gettext(text: str, /, **values: object) -> str:
    """A sentence in the language that is spoken, with its values filled in."""
    language = _spoken.get()
    if language is not ENGLISH:
        text = catalogue(language.code).gettext(text)
    return _filled(text, values) if values else text


def choose(one: str, many: str, number: int) -> str:
    """The sentence for one or for many, by the rules of the language, with nothing filled in."""
    language = _spoken.get()
    if language is ENGLISH:
        return one if number == 1 else many
    return catalogue(language.code).ngettext(one, many, number)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """A sentence with a number in it, which is its value `number`."""
    return _filled(choose(one, many, number), {"number": say_number(number), **values})


def pgettext(context: str, text: str, /, **values: object) -> str:
    """A word that needs to be said with what it is about, for other languages have several for it."""
    language = _spoken.get()
    if language is not ENGLISH:
        text = catalogue(language.code).pgettext(context, text)
    return _filled(text, values) if values else text


def N_(text: str) -> str:  # noqa: N802 - its name in every project with catalogues
    """Mark a sentence that is translated elsewhere, where it is shown."""
    return text


def NP_(context: str, text: str) -> str:  # noqa: N802
    """Mark a word that is translated elsewhere, with what it is about."""
    return text


def _filled(text: str, values: dict[str, object]) -> str:
    # A value that is marked up already stays so; the plain ones beside it are escaped.
    if any(isinstance(value, Markup) for value in values.values()):
        return Markup(text) % values  # noqa: S704 - the sentence is ours, and the values are escaped
    return text % values


# What stands between parts in a row.
SEPARATORS = (N_(", "), N_("; "), N_(" or "))


def joined(parts: Iterable[str], separator: str = ", ") -> str:
    """Parts in a row, with the comma of the language that is spoken."""
    parts = list(parts)
    if _spoken.get() is ENGLISH:
        return separator.join(parts)
    separator = gettext(separator)
    if any(isinstance(part, Markup) for part in parts):
        return Markup(separator).join(parts)  # noqa: S704 - escapes what is not marked up
    return separator.join(parts)


@overload
def own_words(text: str) -> str: ...
@overload
def own_words(text: None) -> None: ...
def own_words(text: str | None) -> str | None:
    """What an organisation wrote, marked as English on a page in another language. Bidi isolates it."""
    if _spoken.get() is ENGLISH or not text:
        return text
    return Markup('<bdi lang="en-GB">{}</bdi>').format(text)


def kept_words(text: str) -> str:
    """Words that were kept in English: translated where the catalogue has them, else marked as English."""
    said = gettext(text) if text else text
    return said if said != text else own_words(text)


def typed_words(text: str) -> str:
    """What a reader typed, in whatever language, kept apart from the words around it."""
    return text if _spoken.get() is ENGLISH else Markup("<bdi>{}</bdi>").format(text)


@overload
def left_to_right(text: str) -> str: ...
@overload
def left_to_right(text: None) -> None: ...
def left_to_right(text: str | None) -> str | None:
    """A telephone number, postcode, address or time, which keeps its order on a page of any direction."""
    if _spoken.get() is ENGLISH or not text:
        return text
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


# Characters that keep words apart as `own_words` and its neighbours do in HTML: the first from left to right,
# the second by the first letter of the words, and the third ends either.
ISOLATES = _LEFT_TO_RIGHT, _FIRST_LETTER, _END = ("\u2066", "\u2068", "\u2069")
_MARKS = {
    '<bdi lang="en-GB">': _FIRST_LETTER,
    '<bdi dir="ltr">': _LEFT_TO_RIGHT,
    "<bdi>": _FIRST_LETTER,
    "</bdi>": _END,
}
# They join letters and keep them apart; nobody sees them.
_JOINERS = "\u200c\u200d"


def plain_words(text: str) -> str:
    """Words without HTML: their marks are characters, and of others nothing is left that cannot be seen."""
    seen = text
    if not text.isprintable():
        seen = "".join(c if c.isprintable() or c in _JOINERS else " " for c in text)
    if not isinstance(text, Markup):
        return seen
    for tag, character in _MARKS.items():
        seen = seen.replace(tag, character)
    return Markup(seen).striptags()  # noqa: S704 - takes the rest of the HTML off


def term(name: str) -> str:
    """The name of a term: translated where it is a bundled one, else as an administrator wrote it."""
    language = _spoken.get()
    if language is ENGLISH:
        return name
    said = catalogue(language.code).pgettext("term", name)
    return said if said != name else _language_name(name, language.code) or own_words(name)


@cache
def _codes_of_languages() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").languages.items()}


def _language_name(name: str, code: str) -> str | None:
    """The name of a language in another one, by Babel's table."""
    found = _codes_of_languages().get(name.casefold())
    return Locale.parse(code).languages.get(found) if found else None


def site_address(public_url: str) -> str:
    """Where the pages are in the language that is spoken, for links in letters; no slash at the end."""
    root, language = public_url.rstrip("/"), _spoken.get()
    return root if language is ENGLISH else f"{root}/{language.code}"


def say_day(weekday: int) -> str:
    """A day of the week, from 0 for Monday."""
    language = _spoken.get()
    if language is ENGLISH:
        return DAYS[weekday]
    return str(Locale.parse(language.code).days["format"]["wide"][weekday])


def say_date(day: date, *, year: bool = True) -> str:
    """A date as people write it, such as 3 November 2026, or without its year."""
    language = _spoken.get()
    if language is ENGLISH:
        short = f"{day.day} {MONTHS[day.month - 1]}"
        return f"{short} {day.year}" if year else short
    return format_date(day, "d MMMM y" if year else "d MMMM", locale=language.code)


def say_month(month: date, *, year: bool = True) -> str:
    """A month as people write it, such as November 2026, or without its year."""
    language = _spoken.get()
    if language is ENGLISH:
        name = MONTHS[month.month - 1]
        return f"{name} {month.year}" if year else name
    return format_date(month, "MMMM y" if year else "MMMM", locale=language.code)


def say_number(number: int) -> str:
    """A whole number with its thousands apart."""
    language = _spoken.get()
    return f"{number:,}" if language is ENGLISH else format_decimal(number, locale=language.code)
