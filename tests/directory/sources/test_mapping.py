"""What a source declares, and how its headings meet the template's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.sources.columns import COLUMNS, key_of_heading
from directory.sources.entry import SourceError
from directory.sources.mapping import bundled_mappings, load_mapping, plan_columns


@pytest.fixture
def write_toml(tmp_path):
    def write(text):
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize("name", bundled_mappings())
def test_bundled_mappings_load_under_their_own_name(name):
    assert load_mapping(name).source == name


def test_sources_of_others_name_their_licence():
    third_party = [load_mapping(name) for name in ("warm-spaces", "libraries", "clubs")]
    assert all(mapping.publisher and mapping.licence and mapping.attribution for mapping in third_party)


def test_a_mapping_of_ones_own(write_toml):
    mapping = load_mapping(
        write_toml('title = "Ours"\n[columns]\norganisation = "Who"\n[constants]\ncategory = "sport"')
    )
    assert (mapping.source, mapping.columns["organisation"], mapping.constants["category"]) == (
        "own",
        ("Who",),
        "sport",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("titel = 1", "'titel', which is not a setting"),
        ("title = 1", "title does not have the right shape"),
        ("columns = 1", "columns does not have the right shape"),
        ("[columns]\nwho = 'x'", "'who' is not a column of the template"),
        ("[columns]\norganisation = 1", "columns does not have the right shape"),
        ("ignore = [1]", "ignore does not have the right shape"),
        ("address_is = 'home'", "address_is must be one of venue, correspondence"),
        ("title = ", "is not a TOML file"),
        ("source = '../../outside'", "a name without slashes"),
        ("source = '/outside'", "a name without slashes"),
        ("source = '..'", "a name without slashes"),
        ("source = ''", "a name without slashes"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(write_toml, text, reason):
    with pytest.raises(SourceError, match=reason):
        load_mapping(write_toml(text))


def test_an_unknown_mapping_names_those_there_are():
    with pytest.raises(SourceError, match="or one of: charity-register, clubs, libraries, mapping"):
        load_mapping("librarys")


def test_every_heading_and_synonym_means_its_column():
    meant = {
        words: key_of_heading(words)
        for column in COLUMNS
        for words in (column.heading, *column.synonyms.split("|"))
    }
    expected = {
        words: column.key for column in COLUMNS for words in (column.heading, *column.synonyms.split("|"))
    }
    assert {words: key[0] for words, key in meant.items() if key} == expected


@given(st.sampled_from(COLUMNS), st.data())
def test_case_marks_and_spaces_of_a_heading_do_not_count(column, data):
    messy = "".join(data.draw(st.sampled_from([c.upper(), c.lower()])) for c in column.heading)
    gap = data.draw(st.sampled_from(["  ", "_", " - ", "\n"]))
    assert key_of_heading(f" {messy.replace(' ', gap)}* (see notes)")[0] == column.key


def test_a_surer_heading_counts_before_a_vaguer_one():
    plan = plan_columns(["Name", "Organisation"], load_mapping())
    assert plan.columns["organisation"] == ("Organisation", "Name")


def test_declared_columns_count_before_words():
    plan = plan_columns(["hours", "name", "url"], load_mapping("libraries"))
    assert plan.columns == {"organisation": ("name",), "venue": ("name",), "website": ("url",)}


def test_headings_that_nobody_knows_are_named():
    assert plan_columns(["Organisation", "Shoe size"], load_mapping()).unused == ("Shoe size",)
