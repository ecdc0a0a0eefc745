"""Plain answers, as they were typed: cleaned, measured, and with what is wrong with them by field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from directory.languages import N_, gettext, left_to_right, say_number
from directory.openreferral.check import is_web_address

# What a page shows again: a text by the name of its field; a list where several may be chosen.
Answers = dict[str, Any]
Typed = Mapping[str, Sequence[str]]
Document = dict[str, Any]

LONGEST_LINE = 200
LONGEST_TEXT = 5_000
LONGEST_KEPT = 20_000
NUMBER = re.compile(r"\+?[\d\s().\-/]{7,}(?:\s*(?:ext|x)\.?\s*\d+)?", re.IGNORECASE)


@dataclass
class Reading:
    """What was typed on a page, and the problems found while it is read, by the name of the field."""

    typed: Typed
    problems: dict[str, str] = field(default_factory=dict)

    def line(self, name: str, what: str, longest: int = LONGEST_LINE, *, needed: bool = False) -> str | None:
        """A text on one line; None when there is none."""
        text = " ".join(printable(self.raw(name)).split())
        return self._measured(name, what, text, longest, needed=needed)

    def text(self, name: str, what: str, longest: int = LONGEST_TEXT, *, needed: bool = False) -> str | None:
        """A text of several lines; None when there is none."""
        lines = printable(self.raw(name).replace("\r\n", "\n"), keep="\n").split("\n")
        return self._measured(name, what, "\n".join(map(str.rstrip, lines)).strip(), longest, needed=needed)

    def choice(self, name: str, what: str, allowed: Collection[str], *, needed: bool = False) -> str | None:
        """One of some codes; None when nothing was chosen."""
        code = self.raw(name)
        if code in allowed:
            return code
        if code or needed:
            self.problems[name] = gettext("Choose %(what)s.", what=gettext(what))
        return None

    def choices(self, name: str, what: str, allowed: Collection[str]) -> list[str]:
        """Some of some codes, each once."""
        codes = list(dict.fromkeys(code for code in self.typed.get(name, ()) if code))
        if not set(codes) <= set(allowed):
            self.problems[name] = gettext("Choose %(what)s from the list.", what=gettext(what))
        return [code for code in codes if code in allowed]

    def email(self, name: str) -> str | None:
        """An e-mail address in its usual form."""
        text = self.line(name, N_("e-mail address"), needed=False)
        if text is None:
            return None
        try:
            return validate_email(text, check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            self.problems[name] = gettext(
                "Enter an e-mail address, such as %(example)s.", example=left_to_right("name@example.org")
            )
            return None

    def web(self, name: str) -> str | None:
        """A web address; people leave out its beginning."""
        text = self.line(name, N_("web address"))
        if text is None:
            return None
        whole = text if re.match(r"(?i)https?:", text) else f"https://{text}"
        if not is_web_address(whole):
            self.problems[name] = gettext(
                "Enter a web address, such as %(example)s.", example=left_to_right("www.example.org")
            )
            return None
        return whole

    def phone(self, name: str) -> str | None:
        """A telephone number as people write it."""
        text = self.line(name, N_("telephone number"), 40)
        if text is not None and not NUMBER.fullmatch(text):
            self.problems[name] = gettext(
                "Enter a telephone number, such as %(example)s.", example=left_to_right("0121 496 0000")
            )
            return None
        return text

    def day(self, name: str, what: str) -> date | None:
        """A day, given as day, month and year; None when all three are empty."""
        parts = [self.raw(f"{name}-{part}").strip() for part in ("day", "month", "year")]
        if not any(parts):
            return None
        try:
            numbers = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= 4]
            return date(numbers[2], numbers[1], numbers[0])
        except (ValueError, IndexError):
            self.problems[name] = gettext(
                "%(what)s must be a real day, such as 27 3 2026.", what=gettext(what)
            )
            return None

    def raw(self, name: str) -> str:
        """The first text that was typed in a field, whatever it is."""
        return next(iter(self.typed.get(name, ())), "")

    def kept(self) -> dict[str, list[str]]:
        """All that was typed, to be shown again: bounded, and without what no database can store."""
        return {
            name: [printable(text[:LONGEST_KEPT], keep="\r\n\t") for text in texts]
            for name, texts in self.typed.items()
        }

    def _measured(self, name: str, what: str, text: str, longest: int, *, needed: bool) -> str | None:
        if needed and not text:
            self.problems[name] = gettext("Enter the %(what)s.", what=gettext(what))
        if len(text) > longest:
            self.problems[name] = gettext(
                "The %(what)s has %(number)s characters. Shorten it to %(longest)s or fewer.",
                what=gettext(what),
                number=say_number(len(text)),
                longest=say_number(longest),
            )
        return text or None


def printable(text: str, keep: str = "") -> str:
    """The text without what cannot be printed or stored: each such character becomes a space."""
    return "".join(c if c.isprintable() or c in keep else " " for c in text)


def set_or_drop(thing: Document, **facts: Any) -> None:
    """Set facts; one that is not known is left out."""
    for name, value in facts.items():
        if value in (None, "", []):
            thing.pop(name, None)
        else:
            thing[name] = value


def date_parts(name: str, text: str | None) -> Answers:
    """A day as its three boxes show it."""
    day = date.fromisoformat(text[:10]) if text else None
    numbers = (day.day, day.month, day.year) if day else ("", "", "")
    return {f"{name}-{part}": str(n) for part, n in zip(("day", "month", "year"), numbers, strict=True)}
