"""The taxonomies as a table: in, out, and back in."""

import io

import pytest
from sqlalchemy import select

from directory.models import Taxonomy, TaxonomyTerm
from directory.taxonomies import (
    TaxonomyError,
    TermCounts,
    bundled_terms,
    ensure_bundled_terms,
    load_terms,
    term_names,
    write_terms,
)

HEADINGS = "taxonomy,code,name,description,parent,synonyms"


@pytest.fixture
def session(draft):
    """A session that is rolled back."""
    return draft


@pytest.fixture
def load(session, tmp_path):
    """Load a table of these lines."""

    def load_lines(*lines, headings=HEADINGS):
        path = tmp_path / "terms.csv"
        path.write_text("\n".join([headings, *lines]), encoding="utf-8")
        return load_terms(session, path)

    return load_lines


def term(session, code):
    return session.scalars(select(TaxonomyTerm).where(TaxonomyTerm.code == code)).one()


def test_the_bundled_terms_are_put_into_an_empty_directory_once(session):
    assert ensure_bundled_terms(session) == 0
    session.query(Taxonomy).delete()
    assert ensure_bundled_terms(session) == len(bundled_terms().read_text("utf-8").splitlines()) - 1


def test_the_bundled_terms_loaded_again_are_unchanged(session):
    counts = load_terms(session, bundled_terms())
    assert (counts.added, counts.changed) == (0, 0)
    assert counts.unchanged > 50


def test_every_bundled_taxonomy_has_a_description(session):
    assert all(session.scalars(select(Taxonomy.description)))


def test_what_is_written_can_be_loaded_and_says_the_same(session, tmp_path, load):
    load("category,boxing,Boxing,,sport,gloves", "theme,a,A thing,Odd,,")
    path = tmp_path / "out.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        written = write_terms(session, file)
    assert load_terms(session, path) == TermCounts(0, 0, written)
    assert "category,boxing,Boxing,,sport,gloves" in path.read_text("utf-8")


def test_a_term_that_is_added_comes_last(session, load):
    assert load("category,boxing,Boxing,,sport,", "category,arts,Media and arts,New,,") == TermCounts(1, 1, 0)
    assert list(term_names(session, "category"))[-1] == "boxing"
    assert next(iter(term_names(session, "category"))) == "mentoring"
    assert term(session, "boxing").parent_id == term(session, "sport").id


def test_a_changed_parent_is_a_change(session, load):
    load("category,boxing,Boxing,,sport,")
    assert load("category,boxing,Boxing,,arts,") == TermCounts(0, 1, 0)
    assert load("category,boxing,Boxing,,arts,") == TermCounts(0, 0, 1)
    assert load("category,boxing,Boxing,,,") == TermCounts(0, 1, 0)
    assert term(session, "boxing").parent_id is None


def test_a_parent_may_stand_below_its_child(session, load):
    assert load("theme,child,Child,,parent,", "theme,parent,Parent,,,").added == 2
    assert term(session, "child").parent_id == term(session, "parent").id


def test_terms_that_the_table_leaves_out_stay(session, load):
    before = session.query(TaxonomyTerm).count()
    load("category,arts,Arts,,,")
    assert session.query(TaxonomyTerm).count() == before


def test_a_taxonomy_may_be_new(session, load):
    load("theme,a,A thing,,,")
    assert term_names(session, "theme") == {"a": "A thing"}
    assert term_names(session, "none") == {}


def test_spaces_and_a_mark_at_the_start_are_no_part_of_the_words(session, load):
    load(" theme , a , A thing ,,,", headings=f"\ufeff{HEADINGS}")
    assert term_names(session, "theme") == {"a": "A thing"}


def test_columns_that_are_not_needed_may_be_missing(session, load):
    assert load("theme,a,A thing", headings="taxonomy,code,name").added == 1


WRONG = [
    (["theme,,A thing"], "Row 2 has no code. Nothing was loaded."),
    (["theme,a,A", ",b,B"], "Row 3 has no taxonomy. Nothing was loaded."),
    (["theme,a"], "Row 2 has no name. Nothing was loaded."),
    (["theme,a,A", "theme,a,B"], "Row 3 has theme a a second time. Nothing was loaded."),
    (["theme,a,A,,b,"], "The term a has a parent, b, that is not a term."),
    (["theme,a,A,,arts,"], "The term a has a parent, arts, that is not a term."),
    (["theme,a,A,,a,"], "The term a is above itself. Correct its parent."),
    (["theme,a,A,,b,", "theme,b,B,,a,", "theme,c,C,,a,"], "The term a is above itself. Correct its parent."),
]


@pytest.mark.parametrize(("lines", "message"), WRONG)
def test_a_wrong_table_is_refused_whole(session, load, lines, message):
    with pytest.raises(TaxonomyError) as problem:
        load(*lines)
    assert str(problem.value) == message
    session.rollback()
    assert "theme" not in session.scalars(select(Taxonomy.name)).all()


def test_a_table_without_its_columns_is_refused(load):
    with pytest.raises(TaxonomyError, match=r"The table has no column code, taxonomy\."):
        load("A", headings="name")


@pytest.mark.parametrize(
    "data", [b"taxonomy,code,name\nt,a,\xff", b"taxonomy,code,name\nt,a,\x89PNG\r\n\x1a"]
)
def test_a_file_that_is_no_table_is_refused(session, tmp_path, data):
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(TaxonomyError, match=r"x\.csv is not a CSV table in UTF-8"):
        load_terms(session, tmp_path / "x.csv")


def test_an_endless_cell_is_refused(load):
    with pytest.raises(TaxonomyError, match="field larger than field limit"):
        load(f"theme,a,{'x' * 200_000}")


def test_an_empty_file_is_refused(session, tmp_path):
    (tmp_path / "x.csv").write_text("")
    with pytest.raises(TaxonomyError, match="The table has no column code, name, taxonomy"):
        load_terms(session, tmp_path / "x.csv")


def test_writing_counts_the_terms(session):
    file = io.StringIO()
    assert write_terms(session, file) == len(file.getvalue().splitlines()) - 1
