"""How good the answers are: ours, FTS5, tsvector and tantivy on the same judged questions."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from benchmarks.judging import HALVES, Judged, Record, grades, ndcg, read_judged, recall
from benchmarks.peers import DEPTH, FIELDS, Texts, fts5, tantivy_search, tsvector
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.app import create_app
from directory.config import Settings
from directory.models import (
    Area,
    PublishedService,
    PublishedTerm,
    PublishedText,
    Taxonomy,
    TaxonomyTerm,
)
from directory.schedules.evaluate import flat_openings
from directory.search.criteria import SHOWN
from directory.search.plain import plain_answer
from directory.words import TERM_MARK, plain_words

TODAY = date(2026, 11, 28)
SAMPLE_SITES = Path(__file__).parents[2] / "geodata" / "sample" / "sites.geojson"
REAL = (
    ("load-postcodes", "postcodes"),
    ("load-areas", "boundaries/lad_wm7_DERIVED.geojson", "--level", "authority"),
    ("load-areas", "boundaries/ward_wm7.geojson", "--level", "ward"),
    ("load-areas", "boundaries/lsoa21_wm7.geojson", "--level", "lsoa21"),
    ("import", "organisations/warm_spaces_current.geojson", "--mapping", "warm-spaces"),
    ("import", "organisations/libraries_england_wm7.csv", "--mapping", "libraries"),
    ("import", "organisations/cascs_postcode_areas_B_CV_DY_WS_WV.csv", "--mapping", "clubs"),
)
Search = Callable[[str], list[str]]
HEAD = ("half", "search", "questions", "nDCG@10", "recall@20", "no result")


def make(data: str, folder: Path, shared: Path) -> str:
    """Fill a database by the product's own commands, if it is not there yet; its address."""
    path = folder / f"{data}.sqlite"
    url = f"sqlite:///{path}"
    if path.exists():
        return url
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(Settings(database_url=url, instance_folder=folder))
    commands: list[tuple[str, ...]] = [("init",)]
    if data == "demonstration":
        commands.append(("load-demonstration",))
    else:
        commands += [_with_paths(command, shared, folder) for command in REAL]
        commands.append(("sites", "--load", str(SAMPLE_SITES)))
    for command in commands:
        print("flask directory", *command, file=sys.stderr)
        result = app.test_cli_runner().invoke(args=["directory", *command])
        if result.exit_code:
            sys.exit(result.output)
    app.extensions["engine"].dispose()
    return url


def _with_paths(command: tuple[str, ...], shared: Path, folder: Path) -> tuple[str, ...]:
    name, file, *options = command
    rejected = ["--rejected", str(folder / f"{options[-1]}{Path(file).suffix}")] if name == "import" else []
    return (name, str(shared / file), *options, *rejected)


def read_records(session: Session) -> tuple[list[Record], Texts]:
    """Read every published service as a judge reads it, and its words as the peers index them."""
    terms: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for term in session.scalars(select(PublishedTerm)):
        terms[term.published_service_id][term.facet].add(term.code)
    names = dict(session.execute(select(Area.code, Area.name)).all())
    texts = {row.published_service_id: row for row in session.scalars(select(PublishedText))}
    running = select(PublishedService).where(PublishedService.status.in_(SHOWN))
    services = session.scalars(running.options(selectinload(PublishedService.places))).all()
    records = [_record(service, terms[service.id], names) for service in services]
    # The peers get what our index held before it knew synonyms: those of each term beside its name.
    synonyms: dict[int, list[str]] = defaultdict(list)
    for term, words in session.execute(
        select(PublishedTerm, TaxonomyTerm.synonyms)
        .join(Taxonomy, Taxonomy.name == PublishedTerm.facet)
        .join(
            TaxonomyTerm,
            (TaxonomyTerm.taxonomy_id == Taxonomy.id) & (TaxonomyTerm.code == PublishedTerm.code),
        )
    ):
        synonyms[term.published_service_id] += plain_words(words)
    rows = []
    for service in services:
        fields = [_bare(getattr(texts[service.id], field)) for field in FIELDS]
        fields[2] = " ".join([fields[2], *synonyms[service.id]])
        rows.append((service.service_id, *fields))
    return records, rows


def _bare(words: str) -> str:
    """A text without the words that stand for terms, which are of our own search alone."""
    return " ".join(word for word in words.split() if not word.startswith(TERM_MARK))


def _record(service: PublishedService, terms: Mapping[str, set[str]], names: Mapping[str, str]) -> Record:
    document = service.document
    places = service.places
    covers = [area.get("extent") for area in document.get("service_areas", [])]
    openings = flat_openings(document.get("schedules", []))
    return Record(
        key=service.service_id,
        name=service.name,
        organization=service.organization_name,
        words=" ".join(filter(None, (service.name, service.organization_name, document.get("description")))),
        terms={facet: frozenset(codes) for facet, codes in terms.items()},
        ages=(service.minimum_age, service.maximum_age),
        free=service.cost == "free",
        openings=tuple((one.weekday, one.opens_minute, one.closes_minute) for one in openings),
        hours_known=service.hours_known,
        towns=frozenset(names.get(code or "", "") for code in (*(p.authority_code for p in places), *covers)),
        wards=frozenset(names.get(place.ward_code or "", "") for place in places),
        points=tuple(
            (p.easting, p.northing) for p in places if p.easting is not None and p.northing is not None
        ),
    )


def compare(questions: Sequence[Judged], folder: Path, shared: Path, *, each: bool) -> None:
    """Ask everything of everyone, and print the table of each half."""
    scores: dict[tuple[str, str], list[tuple[float, float | None, bool]]] = defaultdict(list)
    with ExitStack() as stack:
        server = stack.enter_context(_server()) if _has_server() else None
        if server is None:
            print("PostgreSQL is not there, so tsvector is left out.\n")
        for data in ("demonstration", "real"):
            session = stack.enter_context(_session(make(data, folder, shared)))
            records, texts = read_records(session)
            names = {record.key: record.name for record in records}
            searches: dict[str, Search] = {"ours": _ours(session), "FTS5": fts5(texts)}
            if server is not None:
                searches["tsvector"] = stack.enter_context(tsvector(server, f"words_{data}", texts))
            searches["tantivy"] = tantivy_search(texts)
            for question in questions:
                if question.data == data:
                    shown = names if each and not question.fresh else None  # what was looked at is not fresh
                    _ask(question, records, searches, scores, shown)
    _print(scores)


def _ask(
    question: Judged,
    records: Sequence[Record],
    searches: Mapping[str, Search],
    scores: dict[tuple[str, str], list[tuple[float, float | None, bool]]],
    names: Mapping[str, str] | None,
) -> None:
    graded = grades(question, records)
    if question.answers and not graded:
        sys.exit(f"No record is an answer to {question.ask!r}: correct the file of judged questions.")
    for name, search in searches.items():
        found = search(question.ask)
        score = (ndcg(found, graded), recall(found, graded), not found)
        scores[question.half, name].append(score if graded else (float("nan"), None, not found))
        if names and graded and name == "ours" and (score[0] < 0.6 or (score[1] or 1) < 0.9):
            first = [f"{names[key]} ({graded.get(key, 0)})" for key in found[:8]]
            missed = [names[key] for key, grade in graded.items() if grade > 1 and key not in found]
            print(f"{question.half} {question.data} {question.ask!r}: {score[0]:.2f}, {score[1]}")
            print("   found", len(found), "; ".join(first))
            print("   missed", "; ".join(missed[:10]))


def _print(scores: Mapping[tuple[str, str], Sequence[tuple[float, float | None, bool]]]) -> None:
    row = "| {:<11} | {:<8} | {:>9} | {:>7} | {:>9} | {:>9} |"
    print(row.format(*HEAD))
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for half in HALVES:
        for name in ("ours", "FTS5", "tsvector", "tantivy"):
            if found := scores.get((half, name)):
                gains = [gain for gain, _, _ in found if gain == gain]  # noqa: PLR0124 - not a number
                recalls = [share for _, share, _ in found if share is not None]
                nothing = sum(none for gain, _, none in found if gain == gain) / len(gains)  # noqa: PLR0124
                figures = (
                    f"{statistics.mean(gains):.3f}",
                    f"{statistics.mean(recalls):.3f}",
                    f"{nothing:.1%}",
                )
                print(row.format(half, name, len(gains), *figures))


def _ours(session: Session) -> Search:
    def search(question: str) -> list[str]:
        return [item.service.service_id for item in plain_answer(session, question, TODAY, DEPTH)]

    return search


def _session(url: str) -> Session:
    app = create_app(Settings(database_url=url))
    return Session(app.extensions["engine"])


def _has_server() -> bool:
    from tests.postgresql import find_programs  # noqa: PLC0415 - the tests are there in a working copy alone

    return find_programs() is not None


def _server() -> Iterator[str]:
    from tests.postgresql import cluster, find_programs  # noqa: PLC0415

    programs = find_programs()
    assert programs is not None  # noqa: S101 - asked before
    return cluster(programs)  # type: ignore[return-value]


def main(arguments: list[str]) -> None:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(prog="benchmark.py search-quality", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of open data")
    parser.add_argument("--folder", type=Path, default=Path("instance/search-quality"), help="for databases")
    parser.add_argument("--each", action="store_true", help="say where ours falls short, never for fresh")
    parser.add_argument("--half", choices=HALVES, help="only one half")
    chosen = parser.parse_args(arguments)
    sys.path.insert(0, str(Path(__file__).parents[2]))
    questions = [one for one in read_judged() if chosen.half in (None, one.half)]
    compare(questions, chosen.folder, chosen.data, each=chosen.each)
