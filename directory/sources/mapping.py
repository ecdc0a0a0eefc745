"""What a source declares about itself: who publishes it, and which of its columns hold what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from importlib import resources
from operator import itemgetter
from pathlib import Path
from typing import Any

from directory.sources.columns import BY_KEY, key_of_heading
from directory.sources.entry import SourceError
from directory.sources.identity import normalise

ADDRESS_KINDS = ("venue", "correspondence")
_FOLDER = resources.files("directory.sources") / "mappings"


@dataclass(frozen=True)
class SourceMapping:
    """A source: its name, its credits, and how its columns become the template's columns.

    `columns` gives, for a column of the template, the headings to take it from; the first that is filled
    counts. Headings that nobody declares are matched to the template by their words. `ignore` lists headings
    to leave out; the text under any other heading is kept as an internal note. `is_register` says that the
    source is a public register.

    `reader` names the reader of a source that has one of its own, and `options` is what it is told. From
    `addresses` the source is fetched every `refresh_days`; redirects may lead to their hosts and to `hosts`.
    `trust`, of 100, is how far the source is to be believed where sources differ.
    """

    source: str
    title: str
    publisher: str = ""
    licence: str = ""
    licence_url: str = ""
    attribution: str = ""
    url: str = ""
    address_is: str = "venue"
    is_register: bool = False
    opening_hours_rules_add_up: bool = False
    html_entities: bool = False
    fillers: tuple[str, ...] = ()
    organisation_key: tuple[str, ...] = ("organisation",)
    service_key: tuple[str, ...] = ("service", "place")
    ignore: tuple[str, ...] = ()
    inactive_when_filled: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    reader: str = ""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    refresh_days: int = 0
    trust: int = 50

    def option(self, name: str) -> tuple[str, ...]:
        """What the source's own reader is told under a name."""
        return self.options.get(name, ())


@dataclass(frozen=True)
class Plan:
    """Which headings of one file fill which columns of the template, and which fill none."""

    columns: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]

    def heading(self, key: str) -> str:
        """The heading a person sees for a column of the template."""
        return self.columns[key][0] if self.columns.get(key) else BY_KEY[key].heading


def bundled_mappings() -> list[str]:
    """The names of the mappings that come with the directory."""
    return sorted(
        item.name.removesuffix(".toml") for item in _FOLDER.iterdir() if item.name.endswith(".toml")
    )


def load_mapping(name: str = "mapping") -> SourceMapping:
    """A bundled mapping by its name, or any mapping by the path of its TOML file."""
    if name in bundled_mappings():
        return mapping_from(name, tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
    path = Path(name)
    if path.suffix.casefold() != ".toml" or not path.is_file():
        known = ", ".join(bundled_mappings())
        raise SourceError(f"There is no mapping {name!r}. Give the path of a TOML file, or one of: {known}.")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name} is not a TOML file: {error}.") from error
    return mapping_from(path.stem, document)


def declaration_of(mapping: SourceMapping) -> dict[str, Any]:
    """A mapping as a document, from which `mapping_from` makes it again."""
    return {item.name: _plain(getattr(mapping, item.name)) for item in fields(SourceMapping)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


def mapping_from(source: str, document: Mapping[str, Any]) -> SourceMapping:
    """The mapping that a document declares; a wrong one is refused in a plain sentence."""
    values: dict[str, Any] = {"source": source, "title": source}
    allowed = {item.name: item for item in fields(SourceMapping)}
    for name, value in document.items():
        if name not in allowed:
            raise SourceError(f"The mapping {source!r} has {name!r}, which is not a setting of a mapping.")
        values[name] = _checked(source, name, value)
    name = str(values["source"])
    if Path(name).name != name or name in ("", ".."):
        # Copies of a source lie in a folder of its name: it must not lead out of ours.
        raise SourceError(f"The mapping {name!r}: source must be a name without slashes.")
    if values.get("address_is", "venue") not in ADDRESS_KINDS:
        raise SourceError(f"The mapping {source!r}: address_is must be one of {', '.join(ADDRESS_KINDS)}.")
    return SourceMapping(**values)


def _checked(source: str, name: str, value: Any) -> Any:
    """The value in the shape of its field, or a plain sentence about what it should be."""
    wrong = SourceError(f"The mapping {source!r}: {name} does not have the right shape.")
    if name == "options":
        if not isinstance(value, dict):
            raise wrong
        return {key: _texts(item, wrong) for key, item in value.items()}
    if name in ("columns", "constants"):
        if not isinstance(value, dict):
            raise wrong
        unknown = sorted(set(value) - set(BY_KEY))
        if unknown:
            raise SourceError(f"The mapping {source!r}: {unknown[0]!r} is not a column of the template.")
        return {key: _texts(item, wrong) if name == "columns" else str(item) for key, item in value.items()}
    default = SourceMapping.__dataclass_fields__[name].default
    if isinstance(default, tuple):
        texts = _texts(value, wrong)
        return tuple(text.casefold() for text in texts) if name == "fillers" else texts
    if type(value) is not type(default if default is not MISSING else ""):
        raise wrong
    if isinstance(value, int) and not 0 <= value <= 1000:
        raise wrong
    return value


def _texts(value: Any, wrong: SourceError) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(item, str) for item in texts):
        raise wrong
    return tuple(texts)


def plan_columns(headings: list[str], mapping: SourceMapping) -> Plan:
    """Match a file's headings to the template: declared ones first, then those whose words say it."""
    by_words = {normalise(heading): heading for heading in reversed(headings)}
    columns: dict[str, tuple[str, ...]] = {}
    for key, wanted in mapping.columns.items():
        found = [item if item in headings else by_words.get(normalise(item)) for item in wanted]
        columns[key] = tuple(item for item in found if item)
    used = {heading for chosen in columns.values() for heading in chosen}
    ignored = {normalise(heading) for heading in (*mapping.ignore, *mapping.inactive_when_filled)}
    by_sureness: dict[str, list[tuple[int, str]]] = {}
    unused = []
    for heading in headings:
        if heading in used or normalise(heading) in ignored:
            continue
        meant = key_of_heading(heading)
        if meant and meant[0] not in mapping.columns:
            by_sureness.setdefault(meant[0], []).append((meant[1], heading))
        else:
            unused.append(heading)
    for key, found_headings in by_sureness.items():
        columns[key] = tuple(heading for _, heading in sorted(found_headings, key=itemgetter(0)))
    return Plan({key: chosen for key, chosen in columns.items() if chosen}, tuple(unused))
