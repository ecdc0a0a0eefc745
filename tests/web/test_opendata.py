"""The whole record to take away: seven forms that say the same, as of one moment."""

import csv
import io
import json
import zipfile

import geopandas as gpd
import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.checking.files import check_file
from directory.exporting.formats import FORMS, export
from directory.exporting.write_package import TABLES
from directory.models import Organization, PublishedOrganization, PublishedService
from directory.publishing.publish import publish
from directory.sources.mapping import load_mapping
from directory.sources.openreferral_json import read
from tests.conftest import TODAY


@pytest.fixture
def published(app):
    with Session(app.extensions["engine"]) as session:
        services = set(session.scalars(select(PublishedService.service_id)))
        return services, session.scalar(select(func.count()).select_from(PublishedOrganization))


def content(client, name):
    response = client.get(f"/data/{name}")
    assert response.status_code == 200
    assert response.content_type == FORMS[name].content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    return response.data


def saved(client, name, folder):
    path = folder / name
    path.write_bytes(content(client, name))
    return path


def test_json_passes_the_check_and_can_be_read_again(client, published, tmp_path):
    path = saved(client, "directory.json", tmp_path)
    report = check_file(path.read_bytes(), path.name, strict=True)
    assert report.groups == []
    organizations = json.loads(path.read_text(encoding="utf-8"))
    assert len(organizations) == published[1]
    assert {one["id"] for org in organizations for one in org.get("services", [])} == published[0]
    reading = read(path, load_mapping("openreferral"))
    assert (len(reading.entries), reading.rejected) == (published[1], [])


def test_spreadsheets_have_a_row_a_service_that_no_program_runs(client, published, tmp_path):
    rows = list(csv.DictReader(io.StringIO(content(client, "directory.csv").decode("utf-8-sig"))))
    assert {row["service_id"] for row in rows} == published[0]
    assert all(row["note"].startswith("Fictional") and row["licence"] for row in rows)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    book = openpyxl.load_workbook(saved(client, "directory.xlsx", tmp_path))
    table = list(book["Directory"].values)
    assert list(table[0]) == list(rows[0])
    assert {row[0] for row in table[1:]} == published[0]
    assert "Fictional" in book["Read me"]["A1"].value


@pytest.mark.parametrize("name", ["directory.geojson", "directory.gpkg", "directory.parquet"])
def test_map_data_has_every_service_and_says_how_exact_its_points_are(client, published, tmp_path, name):
    path = saved(client, name, tmp_path)
    frame = gpd.read_parquet(path) if name.endswith("parquet") else gpd.read_file(path)
    assert set(frame["service_id"]) == published[0]
    assert frame.crs.to_epsg() in (4326, None)
    assert frame[frame["precision"].eq("hidden")].geometry.isna().all()
    shown = frame[frame["precision"].eq("open")]
    assert shown.geometry.notna().all()
    assert shown.total_bounds[0] > -3
    assert shown.total_bounds[3] < 53
    assert frame["note"].str.startswith("Fictional").all()


def test_tables_hold_together(client, published, tmp_path):
    with zipfile.ZipFile(saved(client, "directory.zip", tmp_path)) as packed:
        package = json.loads(packed.read("datapackage.json"))
        tables = {
            one["name"]: list(csv.DictReader(io.StringIO(packed.read(one["path"]).decode("utf-8"))))
            for one in package["resources"]
        }
    assert list(tables) == list(TABLES)
    assert "Fictional" in package["description"]
    assert {row["id"] for row in tables["service"]} == published[0]
    for resource in package["resources"]:
        rows, schema = tables[resource["name"]], resource["schema"]
        fields = [field["name"] for field in schema["fields"]]
        assert all(list(row) == fields for row in rows[:1])
        ids = [row["id"] for row in rows]
        assert len(ids) == len(set(ids)), resource["name"]
        for field in schema["fields"]:
            if field.get("constraints", {}).get("required"):
                assert all(row[field["name"]] for row in rows), (resource["name"], field["name"])
        for key in schema["foreignKeys"]:
            known = {row["id"] for row in tables[key["reference"]["resource"]]}
            assert {row[key["fields"]] for row in rows} - {""} <= known, (resource["name"], key)


@pytest.mark.shared_data
def test_tables_are_those_of_the_standard(client, shared_data, tmp_path):
    with zipfile.ZipFile(saved(client, "directory.zip", tmp_path)) as packed:
        for name in packed.namelist():
            theirs = shared_data / "openreferral" / "csv" / name
            if name.endswith(".csv"):
                ours = packed.read(name).decode("utf-8").splitlines()[0].split(",")
                wanted = theirs.read_text().splitlines()[0].split(",")
                assert [column for column in ours if column != "link_entity"] == wanted, name


@pytest.mark.parametrize("name", FORMS)
def test_file_is_sent_again_only_when_something_changed(client, name):
    first = client.get(f"/data/{name}", method="HEAD")
    again = client.get(f"/data/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_no_such_file(client):
    assert client.get("/data/directory.exe").status_code == 404


@pytest.mark.unmeasured
def test_file_shows_one_moment_however_long_it_is_read(own_app):
    engine = own_app.extensions["engine"]
    parts = export(engine, "directory.json", lambda service: {}, ())
    text = next(parts).decode() + next(parts).decode()
    with Session(engine) as session:
        ids = session.scalars(select(Organization.id)).all()
        for organization in session.scalars(select(Organization)):
            organization.name = "Changed meanwhile"
        publish(session, ids, TODAY)
        session.commit()
    text += b"".join(parts).decode()
    assert "Changed meanwhile" not in text
    assert len(json.loads(text)) == len(ids) or len(json.loads(text)) > 200
    assert b"Changed meanwhile" in b"".join(export(engine, "directory.json", lambda service: {}, ()))
