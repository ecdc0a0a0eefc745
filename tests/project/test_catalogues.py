"""The catalogues of other languages: whole, current, and nothing of a translated page left out of them."""

from __future__ import annotations

import functools
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

from directory.languages import DAYS
from directory.search.query import SOME_DAYS
from directory.web.sentences import prepare

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
# What the translated routes and the errors show. What these include and import is found by itself.
SHOWN = (
    "home/index.html",
    "about/index.html",
    "search/results.html",
    "services/show.html",
    "services/sheet.html",
    "organisations/show.html",
    "shortlist/show.html",
    "errors/error.html",
    "sites/index.html",
    "sites/show.html",
    "maps/index.html",
    "coverage/index.html",
    "coverage/area.html",
    "coverage/cannot.html",
    "coverage/compare.html",
    "coverage/demand.html",
    "coverage/help.html",
    "coverage/what_if.html",
    "sources/index.html",
    "data/index.html",
    "desk/index.html",
    "api/docs.html",
    "still_right/show.html",
    "still_right/unsubscribe.html",
    "still_right/void.html",
    "reports/report.html",
    "reports/thanks.html",
    "embed/index.html",
    "embed/list.html",
    "embed/map.html",
    "searches/index.html",
    "searches/new.html",
    "registering/confirm.html",
    "registering/kept.html",
    "registering/link.html",
    "registering/not_shown.html",
    "registering/page.html",
    "registering/preview_organisation.html",
    "registering/preview_service.html",
    "registering/read_back.html",
    "registering/send.html",
    "registering/start.html",
    "registering/tasks.html",
    *(f"registering/pages/{path.name}" for path in (TEMPLATES / "registering" / "pages").glob("*.html")),
    "answers/show.html",
    "review/bulk_done.html",
    "review/bulk_preview.html",
    "review/index.html",
    "review/preview.html",
    "review/record.html",
    "review/submission.html",
    "matches/index.html",
    "matches/show.html",
    "merges/index.html",
    "merges/show.html",
    "claims/claim.html",
    "claims/navigator.html",
    "claims/show.html",
    "members/show.html",
    "members/void.html",
    "referrals/count.html",
    "referrals/index.html",
    "history/show.html",
    "audit/index.html",
    "accounts/index.html",
    "accounts/show.html",
    "phrases/index.html",
    "phrases/show.html",
    "keeping/record.html",
    "account/index.html",
    *(f"security/{path.name}" for path in (TEMPLATES / "security").glob("*.html")),
)
LETTERS = tuple(f"email/{path.name}" for path in (TEMPLATES / "email").glob("*.txt"))
MARKING = {"_", "N_", "gettext", "ngettext", "pgettext"}
# Words that a reader reads, as against names of classes, fields and routes.
WORDS = re.compile(r"[A-Z][a-z]|[a-z] [a-z]")
# What an answer is called in the code, and a day in an address: they are shown in other words.
KEYS = {"not known", *DAYS, *SOME_DAYS}


@pytest.fixture(scope="module")
def catalogue():
    """The script that keeps the catalogues."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "scripts" / "catalogue.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogue"] = module
    spec.loader.exec_module(module)
    module.messages = functools.cache(module.messages)  # to gather them takes seconds
    return module


@pytest.fixture(scope="module")
def environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    prepare(made)
    return made


def test_every_sentence_is_there_in_every_language_with_its_values_and_marks(catalogue):
    assert [problem for language in catalogue.LANGUAGES for problem in catalogue.problems(language)] == []


def test_a_sentence_that_lacks_or_changes_something_is_found(catalogue, monkeypatch):
    wanted, spoilt = catalogue.messages(), catalogue.read("ur")
    spoilt.get("Skip to main content").string = ""
    spoilt.get("Near %(place)s").string = "%(plce)s"
    spoilt.get('Next<span class="govuk-visually-hidden"> page</span>').string = "x"
    spoilt.get("Search").string = 'x"'
    spoilt.add("Nobody says this", "x")
    monkeypatch.setattr(catalogue, "read", lambda _language: spoilt)
    monkeypatch.setattr(catalogue, "messages", lambda: wanted)
    assert sorted(catalogue.problems("ur")) == [
        "has a sentence that nothing says any more: Nobody says this",
        "has a straight quotation mark, which ends an attribute, in: Search",
        "has no sentence for: Skip to main content",
        'has other marks in: Next<span class="govuk-visually-hidden"> page</span>',
        "has other values in: Near %(place)s",
    ]


def test_a_translated_template_holds_no_english_outside_of_a_sentence(environment):
    found = {name: words for name in templates(environment) if (words := [*bare_text(environment, name)])}
    assert found == {}


def templates(environment: Environment) -> set[str]:
    """The templates of translated pages, with all that they are made of."""
    todo, found = [*SHOWN, *LETTERS, "email/layout.html"], set[str]()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += filter(None, meta.find_referenced_templates(environment.parse(source(name))))
    return found


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def bare_text(environment: Environment, name: str) -> Iterator[str]:
    """The words of a template that no catalogue has: between tags, in attributes that are read, in values."""
    tree = environment.parse(source(name))
    text = "".join(
        node.data if isinstance(node, nodes.TemplateData) else "{}"
        for node in tree.find_all((nodes.TemplateData,))
    )
    text = re.sub(r"^\s*Subject:", "", text, flags=re.M)  # which marks that line of a letter
    for tag in re.findall(r"<[^>]*>", text):
        yield from (
            words
            for words in re.findall(r'(?:aria-label|alt|title|placeholder)="([^"{]*)"', tag)
            if WORDS.search(words)
        )
    text = re.sub(r' aria-describedby="[^"]*"', "", text)  # of a macro that writes this attribute alone
    yield from (
        words.strip() for words in re.split(r"<[^>]*>|\{\}", text) if re.search(r"[A-Za-z]{2}", words)
    )
    yield from constants(tree)


def constants(node: nodes.Node) -> Iterator[str]:
    """The texts in a template's own code, but for those that are given to a function that translates."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MARKING:
        return
    if isinstance(node, nodes.Pair):  # the key is not shown
        yield from constants(node.value)
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and WORDS.search(node.value):
        yield from {node.value} - KEYS
    for child in node.iter_child_nodes():
        yield from constants(child)
