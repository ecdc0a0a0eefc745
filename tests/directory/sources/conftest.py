"""Small files made of rows, and readings of them."""

from __future__ import annotations

import csv
import json

import pytest

from directory.sources.mapping import load_mapping
from directory.sources.reader import reader_for


@pytest.fixture
def write_csv(tmp_path):
    """Write dictionaries as a CSV file, under the headings of the first."""

    def write(*rows, name="rows.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def read_file():
    """Read a file with a bundled mapping."""

    def read(path, name="mapping"):
        mapping = load_mapping(name)
        return reader_for(path, mapping)(path, mapping)

    return read


@pytest.fixture
def read_cells(write_csv, read_file):
    """Read rows, each with an organisation name and a category unless it says otherwise."""

    def read(*rows):
        full = [{"Organisation name": "Lozells Boxing", "Category": "sport", **row} for row in rows]
        return read_file(write_csv(*full))

    return read


@pytest.fixture
def one_service(read_cells):
    """The service of the one row with these cells."""

    def read(**cells):
        row = {heading.replace("_", " "): text for heading, text in cells.items()}
        return read_cells(row).entries[0].document["services"][0]

    return read


@pytest.fixture
def write_json(tmp_path):
    """Write a document as JSON."""

    def write(document, name="feed.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write
