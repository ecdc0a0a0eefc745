"""Every page template with made-up values: whole, with everything missing, and with hostile text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from directory.web.sentences import prepare
from tests.web.page_values import ABSENT, CERTAIN, PAGES, QUERY

pytestmark = pytest.mark.one_database

TEMPLATES = Path(__file__).parents[2] / "templates"
HOSTILE = """<script>alert(1)</script>"'><b>${alert(2)}</b>{{ 7 * 7 }} </script>"""


@pytest.fixture(scope="module")
def pages() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    prepare(environment)
    environment.globals |= {
        "url_for": lambda endpoint, **values: "/" + (values.get("filename") or endpoint.replace(".", "/")),
        "asset": lambda filename="": f"/static/{filename}",
        "csp_nonce": lambda: "n0nce",
        "csrf_token": lambda: "t0ken",
        "get_flashed_messages": lambda **_: [],
        "is_signed_in": lambda: False,
    }
    return environment


def show(pages: Environment, name: str, values: dict[str, Any]) -> str:
    site = {
        "site_name": "Directory of violence prevention, West Midlands",
        "demonstration": True,
        "languages": [],
    }
    return pages.get_template(name).render(**site, **values)


def missing(value: Any, key: str = "") -> Any:
    """The same shape with every list empty and every fact that may be absent set to none."""
    if isinstance(value, dict):
        return None if key in ABSENT else {name: missing(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return []
    return False if value is True else value if key in CERTAIN else None


def sparse(value: Any, key: str = "") -> Any:
    """The same, but with one bare thing left in each list."""
    if isinstance(value, dict):
        return {name: sparse(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [sparse(part) for part in value[:1] if isinstance(part, dict)]
    return missing(value, key)


def hostile(value: Any, key: str = "") -> Any:
    """The same shape with hostile text in place of every text that a person may have written."""
    if isinstance(value, dict):
        return {name: hostile(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [hostile(part, key) for part in value]
    made_by_views = {*(CERTAIN - {"name"}), "js_hrefs", "css_hrefs", "json", "id", "colour"}
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return HOSTILE if plain and key not in made_by_views else value


SHAPES = {"whole": lambda values: values, "missing": missing, "sparse": sparse, "hostile": hostile}
EVERY = pytest.mark.parametrize("name", sorted(PAGES))


@EVERY
@pytest.mark.parametrize("shape", SHAPES)
def test_page_is_valid_and_has_one_heading(pages: Environment, name: str, shape: str) -> None:
    page = show(pages, name, SHAPES[shape](PAGES[name]))
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    levels = [int(found.tag[1]) for found in document.iter() if re.fullmatch("h[1-6]", str(found.tag))]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [found.get("id") for found in document.iter() if found.get("id")]
    assert len(ids) == len(set(ids))


@EVERY
def test_fields_are_labelled_and_tables_explained(pages: Environment, name: str) -> None:
    page = html5lib.parse(show(pages, name, PAGES[name]), namespaceHTMLElements=False)
    labels = {label.get("for") for label in page.iter("label")}
    fields = [*page.iter("input"), *page.iter("select")]
    assert {f.get("id") for f in fields if f.get("type") != "hidden"} <= labels
    for table in page.iter("table"):
        assert table.find("caption") is not None
        assert all(cell.get("scope") for cell in table.iter("th"))


@EVERY
def test_hostile_text_is_only_text(pages: Environment, name: str) -> None:
    page = html5lib.parse(show(pages, name, hostile(PAGES[name])), namespaceHTMLElements=False)
    run = [script for script in page.iter("script") if script.get("type") != "application/ld+json"]
    assert not any("alert" in (script.text or "") for script in run)
    assert not list(page.iter("b"))
    assert not any(key.startswith("on") or key == "style" for found in page.iter() for key in found.attrib)
    assert "{{ 7 * 7 }}" in "".join(page.itertext())


@EVERY
def test_inline_blocks_carry_the_nonce_and_nothing_comes_from_elsewhere(
    pages: Environment, name: str
) -> None:
    page = html5lib.parse(show(pages, name, PAGES[name]), namespaceHTMLElements=False)
    blocks = [block for tag in ("script", "style") for block in page.iter(tag)]
    # A script of its own file is let in by where it comes from.
    inline = [b for b in blocks if b.get("type") != "application/json" and not b.get("src")]
    assert all(b.get("nonce") == "n0nce" for b in inline)
    loaded = [
        found.get("src") or found.get("href") for tag in ("script", "link", "img") for found in page.iter(tag)
    ]
    assert all(address is None or address.startswith("/") for address in loaded)


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "ftp://x"]
)
def test_an_address_that_is_not_of_the_web_is_no_link(pages: Environment, href: str) -> None:
    module = pages.get_template("components/web_link.html").module
    assert "<a" not in module.web_link(href)  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", [None, ""])
def test_an_absent_fact_is_written_out(pages: Environment, value: str | None) -> None:
    known = pages.get_template("components/known.html").module.known  # type: ignore[attr-defined]
    assert "Not known" in known(value)
    assert "Not known" not in known(0)


def test_absent_facts_of_a_service_all_read_not_known(pages: Environment) -> None:
    text = show(pages, "services/show.html", missing(PAGES["services/show.html"]))
    assert len(re.findall("not known", text, re.IGNORECASE)) >= 11


def test_certainty_is_told_by_words_and_symbol_as_well_as_colour(pages: Environment) -> None:
    tag = pages.get_template("components/certainty_tag.html").module.certainty_tag  # type: ignore[attr-defined]
    shown = [tag(state) for state in ("some", "none", "not known")]
    for pattern in (r"app-tag--(\w+)", r' d="([^"]+)"', r"</svg>([^<]+)<"):
        assert len({re.search(pattern, each).group(1) for each in shown}) == 3  # type: ignore[union-attr]


def test_demonstration_is_said_only_when_it_is_one(pages: Environment) -> None:
    page = pages.get_template("errors/error.html")
    error = PAGES["errors/error.html"]
    assert "fictional" in page.render(site_name="A", demonstration=True, languages=[], **error)
    assert "fictional" not in page.render(site_name="A", demonstration=False, languages=[], **error)


def test_a_chosen_distance_outside_the_list_is_kept(pages: Environment) -> None:
    values = PAGES["search/results.html"] | {"query": QUERY | {"within_metres": 800}}
    assert '<option value="800" selected>800 metres</option>' in show(pages, "search/results.html", values)


def test_the_map_form_keeps_the_chosen_filters(pages: Environment) -> None:
    page = show(pages, "maps/index.html", PAGES["maps/index.html"])
    assert '<input type="hidden" name="cost" value="free">' in page
    assert '<input type="hidden" name="day" value="Friday">' in page


def test_no_template_is_long() -> None:
    assert all(len(path.read_text().splitlines()) <= 150 for path in TEMPLATES.rglob("*.html"))
