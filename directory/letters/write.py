"""Write a letter into the outbox, in the same transaction as what it tells of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import Language, gettext, joined, ngettext, speak, spoken
from directory.letters.language import LANGUAGE_HEADER
from directory.models import OutboxMessage
from directory.safekeeping.do_not_list import read_register

_environment = Environment(
    loader=FileSystemLoader(str(resources.files("directory.templates") / "email")),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=select_autoescape(["html"]),
)
# In the text nothing is marked up, so these are the plain functions.
_environment.globals.update(_=gettext, ngettext=ngettext, joined=joined)
SOME = 500
_LINK = re.compile(r"https?://\S+$")


@dataclass(frozen=True)
class Letter:
    """What to write to whom.

    `template` is the name of a file of templates/email/ without its ending. `key` says what the letter is
    about: a second one with the same key is not written. It is written in the language that is spoken when
    the letter is put together, for its values hold words and links as well.
    """

    recipient: str
    template: str
    values: Mapping[str, Any]
    key: str | None = None
    organization_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    language: Language = field(default_factory=spoken)


def write_letter(session: Session, letter: Letter) -> OutboxMessage | None:
    """Put a letter into the outbox; None when one with its key is there, or its recipient wants none."""
    if letter.key and session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == letter.key)):
        return None
    if read_register(session).holds("email", letter.recipient):
        return None
    message = _row(letter)
    session.add(message)
    session.flush()
    return message


def write_letters(session: Session, letters: Collection[Letter]) -> int:
    """Put many letters into the outbox in few statements, but those whose key is there; how many."""
    keys = [letter.key for letter in letters if letter.key]
    there = {
        key
        for start in range(0, len(keys), SOME)
        for key in session.scalars(
            select(OutboxMessage.key).where(OutboxMessage.key.in_(keys[start : start + SOME]))
        )
    }
    register = read_register(session)
    rows = [
        _row(letter)
        for letter in letters
        if (letter.key is None or letter.key not in there) and not register.holds("email", letter.recipient)
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _row(letter: Letter) -> OutboxMessage:
    with speak(letter.language):
        subject, text, html = render_letter(letter.template, letter.values)
    headers = {**letter.headers, LANGUAGE_HEADER: letter.language.tag}
    return OutboxMessage(
        key=letter.key,
        recipient=one_line(letter.recipient),
        subject=subject,
        text=text,
        html=html,
        headers={name: one_line(value) for name, value in headers.items()},
        organization_id=letter.organization_id,
    )


def render_letter(template: str, values: Mapping[str, Any]) -> tuple[str, str, str]:
    """The subject, the text and the HTML of a letter. The HTML is made from the text, so they agree."""
    whole = _environment.get_template(f"{template}.txt").render(**values).lstrip()
    first, _, rest = whole.partition("\n")
    subject = one_line(first.removeprefix("Subject:"))
    text = re.sub(r"\n{3,}", "\n\n", rest).strip() + "\n"
    layout = _environment.get_template("layout.html")
    html = layout.render(subject=subject, blocks=list(_blocks(text)), language=spoken())
    return subject, text, html


def one_line(text: str) -> str:
    """The text without line breaks: in a header, a line break would begin a header of a stranger's own."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _blocks(text: str) -> Iterator[dict[str, Any]]:
    """Paragraphs, lists (lines that begin with a hyphen) and links (a line that is an address)."""
    for part in text.strip().split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if len(lines) == 1 and _LINK.match(lines[0]):
            yield {"kind": "link", "href": lines[0]}
        elif lines and all(line.startswith("- ") for line in lines):
            yield {"kind": "list", "items": [line[2:] for line in lines]}
        elif lines:
            yield {"kind": "paragraph", "lines": lines}
