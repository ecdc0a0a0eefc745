"""Keep the sentences of other languages: gather them from the code, check them, make them ready."""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "directory" / "translations"
LANGUAGES = ("ur",)
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("email/*.txt", "jinja2")]
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
OPTIONS = {"**.html": JINJA, "email/*.txt": JINJA}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "NP_": ((1, "c"), 2),
}
_PLACE = re.compile(r"%\((\w+)\)s|\{\}")
_TAG = re.compile(r"<[^>]+>|&\w+;")


def messages() -> Catalog:
    """Every sentence that the code and the templates say, and the names of the bundled terms."""
    catalog = Catalog(project="directory", charset="utf-8", fuzzy=False)
    for folder in ("directory", "templates"):
        found = extract_from_dir(
            ROOT / folder, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for name, _line, text, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
            catalog.add(text, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    with (ROOT / "directory" / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            catalog.add(row["name"], locations=[("directory/taxonomy.csv", 0)], context="term")
    return catalog


def file_of(language: str) -> Path:
    """Where the sentences of a language are kept."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The sentences of a language."""
    path = file_of(language)
    if not path.is_file():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    """Bring the file of a language up to date: new sentences come in empty, and those no longer said go."""
    catalog = read(language)
    # Without guesses: a sentence that was changed needs another look.
    catalog.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    path = file_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalog, width=100, include_lineno=False, sort_by_file=True)
    # Without the day on which it was made, so that nothing changes where no sentence did.
    lines = written.getvalue().decode().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    path.write_text("".join(line for line in lines if not line.startswith(dated)), encoding="utf-8")


def problems(language: str) -> Iterator[str]:
    """What is wrong with the sentences of a language."""
    catalog, wanted = read(language), messages()
    for message in wanted:
        if not message.id:
            continue
        said = catalog.get(_key(message), message.context)
        if said is None or not all(_texts(said.string)) or said.fuzzy:
            yield f"has no sentence for: {_key(message)}"
        else:
            yield from _differences(message, said)
    for message in catalog:
        if message.id and wanted.get(_key(message), message.context) is None:
            yield f"has a sentence that nothing says any more: {_key(message)}"


def _differences(message: Message, said: Message) -> Iterator[str]:
    for text in _texts(said.string):
        ours = {frozenset(_PLACE.findall(one)) for one in _texts(message.id)}
        if frozenset(_PLACE.findall(text)) not in ours:
            yield f"has other values in: {_key(message)}"
        if sorted(_TAG.findall(text)) not in [sorted(_TAG.findall(one)) for one in _texts(message.id)]:
            yield f"has other marks in: {_key(message)}"
        if '"' in _TAG.sub("", text):
            yield f"has a straight quotation mark, which ends an attribute, in: {_key(message)}"


def _texts(text: str | list[str] | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _key(message: Message) -> str:
    return _texts(message.id)[0]


def compile_all() -> None:
    """Write the files that the application reads, where they are missing or old."""
    for language in LANGUAGES:
        source = file_of(language)
        target = source.with_suffix(".mo")
        if not target.is_file() or target.stat().st_mtime < source.stat().st_mtime:
            with target.open("wb") as file:
                write_mo(file, read(language))
            print(f"sentences: {target.relative_to(ROOT)}")


def check() -> int:
    """Say what is wrong with every language; the code to leave with."""
    found = [f"{language} {problem}" for language in LANGUAGES for problem in problems(language)]
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print(
            "Run `scripts/catalogue.py update`, and fill in what is empty. See docs/languages.md.",
            file=sys.stderr,
        )
    return 1 if found else 0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("update", "check", "compile"))
    what = parser.parse_args().what
    if what == "check":
        return check()
    if what == "compile":
        compile_all()
    else:
        for language in LANGUAGES:
            update(language)
    return 0


if __name__ == "__main__":
    sys.exit(main())
