"""Write the parts of the docs that come from the code: settings, commands, pages, tables, columns, terms.

A part stands in its file between two comments that name it. With --check nothing is written, and the exit
code is 1 when a part is not as the code has it.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from importlib import resources
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import Column, ForeignKey, Table

from directory.accounts.permissions import ACTIONS, SIGNED_IN
from directory.accounts.permissions import PUBLIC as ANYBODY
from directory.app import create_app
from directory.cli.group import commands
from directory.config import Settings
from directory.models import Base
from directory.models.account import ROLES
from directory.sources.columns import COLUMNS
from directory.sources.mapping import bundled_mappings, load_mapping
from directory.taxonomies import DESCRIPTIONS
from directory.web.access import PUBLIC, RULES
from directory.web.exports import EXPORT_COLUMNS
from directory.web.security_words import PAGES
from directory.web.site_numbers import COLUMNS as SITE_COLUMNS

DOCS = Path(__file__).resolve().parent.parent / "docs"
MEANINGS = tomllib.loads(Path(__file__).with_name("column_meanings.toml").read_text(encoding="utf-8"))


class StaleError(Exception):
    """A file of the docs has no place for a part."""


def main(arguments: Sequence[str] | None = None, folder: Path = DOCS) -> int:
    """Run the command; the answer is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say what is stale")
    given = parser.parse_args(arguments)
    stale = False
    for name, (file, make) in PARTS.items():
        path = folder / file
        before = path.read_text(encoding="utf-8")
        after = replaced(before, name, make())
        if after == before:
            continue
        stale = True
        if given.check:
            print(f"{file}: the part {name!r} is not as the code has it. Run: make docs")
        else:
            path.write_text(after, encoding="utf-8")
            print(f"Wrote the part {name!r} of {file}.")
    return 1 if stale and given.check else 0


def replaced(text: str, name: str, part: str) -> str:
    """The text of a file with one part put in anew."""
    begin, end = f"<!-- begin {name}: made by make docs -->", f"<!-- end {name} -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise StaleError(f"There must be one {begin!r} and one {end!r}.")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{part.strip()}\n\n{end}{rest.partition(end)[2]}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; bars and line ends in cells are made harmless."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell_text(cell) for cell in line) + " |" for line in lines)


def cell_text(text: str) -> str:
    """A text as one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def settings() -> str:
    """Every setting with its default and meaning."""
    rows = [
        [
            f"`{item.name.upper()}`",
            f"`{item.default}`" if str(item.default) else "empty",
            item.metadata["help"],
        ]
        for item in fields(Settings)
    ]
    return table(["Variable", "Default", "What it does"], rows)


def command_list() -> str:
    """Every command with its arguments and options."""
    return "\n\n".join(command_text(name, command) for name, command in every_command(commands))


def every_command(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """The commands of a group, each with the words that it is called by; of groups in it, theirs."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from every_command(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def command_text(name: str, command: click.Command) -> str:
    """One command: how it is called, what it does, its options."""
    arguments = [item for item in command.params if isinstance(item, click.Argument)]
    options = [item for item in command.params if isinstance(item, click.Option)]
    call = " ".join(["flask directory", name, *(str(item.name).upper() for item in arguments)])
    rows = [[f"`{option_text(item)}`", item.help or "", "yes" if item.required else "no"] for item in options]
    parts = [f"### {name}", f"    {call}{' [OPTIONS]' if options else ''}", (command.help or "").strip()]
    return "\n\n".join([*parts, *([table(["Option", "What it does", "Needed"], rows)] if rows else [])])


def option_text(option: click.Option) -> str:
    """An option as it is typed."""
    if option.is_flag:
        return option.opts[0]
    if isinstance(option.type, click.Choice):
        return f"{option.opts[0]} {'|'.join(map(str, option.type.choices))}"
    return f"{option.opts[0]} {'FILE' if isinstance(option.type, click.Path) else 'TEXT'}"


def pages() -> str:
    """Every public address with what is there."""
    app: Flask = create_app(Settings(database_url="sqlite:///:memory:"))
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    rows = [
        [
            f"`{rule.rule}`",
            PAGES.get(rule.endpoint)
            or (app.view_functions[rule.endpoint].__doc__ or "").strip().split("\n")[0],
            "everybody" if rule.endpoint in PUBLIC else RULES[rule.endpoint],
        ]
        for rule in rules
        if rule.endpoint != "static"
    ]
    return table(["Address", "What is there", "For"], rows)


def permissions() -> str:
    """Who may do what: an action a row, a role a column."""
    roles = (ANYBODY, SIGNED_IN, *ROLES)
    rows = [
        [f"`{action}`", words, *(str(allowed.get(role, "")) for role in roles)]
        for action, (words, allowed) in ACTIONS.items()
    ]
    return table(["Action", "What it is", *roles], rows)


def exports() -> str:
    """The columns of the CSV files."""
    files = {"`/search.csv`": EXPORT_COLUMNS, "`/sites.csv`, and of the same file of one site": SITE_COLUMNS}
    return "\n".join(
        f"- Columns of {name}: {', '.join(f'`{column}`' for column in columns)}."
        for name, columns in files.items()
    )


def template_columns() -> str:
    """The columns of the mapping spreadsheet."""
    rows = [
        [
            f"**{column.heading}** \\*" if column.required else f"**{column.heading}**",
            f"`{column.key}`",
            column.synonyms.replace("|", ", "),
            column.note,
        ]
        for column in COLUMNS
    ]
    return table(["Heading", "Name in a mapping", "Other headings that are understood", "Note"], rows)


def mappings() -> str:
    """The mappings that come with the directory."""
    known = [(name, load_mapping(name)) for name in bundled_mappings()]
    rows = [
        [f"`{name}`", item.title, item.publisher or "none", item.licence or "none"] for name, item in known
    ]
    return table(["Name", "For", "Publisher", "Licence"], rows)


def terms() -> str:
    """The terms of each taxonomy."""
    text = (resources.files("directory") / "taxonomy.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return "\n\n".join(
        f"### Taxonomy: {name}\n\n{description}\n\n"
        + table(
            ["Code", "Name", "Meaning"],
            [[f"`{r['code']}`", r["name"], r["description"]] for r in rows if r["taxonomy"] == name],
        )
        for name, description in DESCRIPTIONS.items()
    )


def tables() -> str:
    """Every table with its columns: those of the standard first, then ours."""
    every = Base.metadata.tables
    ours = [name for name in sorted(every) if name not in MEANINGS["standard"]]
    parts = ["## Tables of the standard", *(table_text(every[name]) for name in MEANINGS["standard"])]
    return "\n\n".join([*parts, "## Tables of our own", *(table_text(every[name]) for name in ours)])


def table_text(one: Table) -> str:
    """One table: what it holds, and its columns."""
    mapper = next((item for item in Base.registry.mappers if item.local_table is one), None)
    rows = [column_row(one, column) for column in one.columns]
    held = " ".join((mapper.class_.__doc__ or "").split()) if mapper else "Which rows go together."
    return f"### {one.name}\n\n{held}\n\n{table(['Column', 'Type', 'May be empty', 'From', 'Meaning'], rows)}"


def column_row(one: Table, column: Column[object]) -> list[str]:
    """One column: its type, whether it may be empty, whose it is, and its meaning."""
    own = one.name not in MEANINGS["standard"] or f"{one.name}.{column.name}" in MEANINGS["ours"]
    meaning = MEANINGS.get(one.name, {}).get(column.name) or link_text(column)
    return [
        f"`{column.name}`",
        type_text(column),
        "yes" if column.nullable else "no",
        "ours" if own else "HSDS",
        meaning,
    ]


def link_text(column: Column[object]) -> str:
    """What a column says of itself: the key of its row, or of a row elsewhere."""
    link: ForeignKey | None = next(iter(column.foreign_keys), None)
    if link is not None:
        return f"A row of `{link.target_fullname.split('.')[0]}`."
    return "Identifier of the row." if column.name == "id" else ""


def type_text(column: Column[object]) -> str:
    """The type of a column in a word."""
    words = {
        "Text": "text",
        "AsaList": "list of texts",
        "Uuid": "UUID",
        "UtcDateTime": "moment, UTC",
        "JSON": "JSON",
        "Integer": "whole number",
        "Double": "number",
        "Boolean": "yes or no",
        "Date": "date",
        "LargeBinary": "bytes",
    }
    return words[type(column.type).__name__]


PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "settings": ("settings.md", settings),
    "commands": ("commands.md", command_list),
    "pages": ("pages.md", pages),
    "exports": ("pages.md", exports),
    "permissions": ("access.md", permissions),
    "columns": ("import-formats.md", template_columns),
    "mappings": ("import-formats.md", mappings),
    "tables": ("data-dictionary.md", tables),
    "terms": ("data-dictionary.md", terms),
}

if __name__ == "__main__":
    sys.exit(main())
