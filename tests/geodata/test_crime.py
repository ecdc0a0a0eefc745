"""Street crime of data.police.uk: files, folders and archives, and what is none."""

import zipfile

import pandas as pd
import pytest

from geodata.crime import VIOLENCE, crime_values, read_crime

HEAD = "Crime ID,Month,Reported by,Longitude,Latitude,LSOA code,LSOA name,Crime type\n"
ROWS = (
    ",2024-01,Force,-1.8,52.5,E01000001,A,Anti-social behaviour\n"
    "1,2024-01,Force,-1.8,52.5,E01000001,A,Robbery\n"
    "2,2024-01,Force,-1.8,52.5,E01000001,A,Robbery\n"
    "3,2024-02,Force,,,,,Robbery\n"
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "2024-01-force-street.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def test_rows_are_counted_by_area_and_kind(file):
    crime = read_crime(file)
    assert (crime.rows, crime.without_area, crime.months) == (4, 1, ("2024-01", "2024-02"))
    values = crime_values(crime, ["Robbery"], ["E01000001", "E01000002"], "robbery")
    assert values.to_dict("list") == {
        "code": ["E01000001", "E01000002"],
        "measure": ["robbery", "robbery"],
        "value": [2.0, 0.0],
    }


def test_a_folder_and_an_archive_give_the_same(file, tmp_path):
    (tmp_path / "2024-01-force-outcomes.csv").write_text("another,file\n", encoding="utf-8")
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(file, f"2024-01/{file.name}")
        opened.writestr("2024-01/2024-01-force-outcomes.csv", "another,file\n")
    each = [read_crime(path) for path in (file, tmp_path, archive)]
    for found in each[1:]:
        pd.testing.assert_frame_equal(found.counts, each[0].counts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no column Month, LSOA code, Crime type"),
        (HEAD, "has no rows"),
        (HEAD + "1,January,F,,,E01000001,A,Robbery\n", "month that is not written"),
        ("", "is not a CSV file"),
    ],
)
def test_files_that_are_none(tmp_path, text, said):
    path = tmp_path / "x-street.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read_crime(path)


def test_a_folder_without_such_a_file(tmp_path):
    with pytest.raises(ValueError, match="holds no file"):
        read_crime(tmp_path)


def test_a_kind_that_is_misspelt_is_named(file):
    with pytest.raises(ValueError, match="no crime of the kind 'robbery'"):
        crime_values(read_crime(file), ["robbery"], [], "x")


@pytest.mark.shared_data
def test_the_real_file_loses_no_crime(shared_data):
    crime = read_crime(shared_data / "crime/DERIVED_2018-06-west-midlands-street.csv")
    assert (crime.rows, crime.months) == (25_087, ("2018-06",))
    codes = sorted(set(crime.counts["code"]))
    assert crime_values(crime, VIOLENCE, codes, "violence")["value"].sum() == 6_782 + 679 + 207
