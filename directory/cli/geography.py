"""Commands for geography: postcodes, areas, figures for areas, sites."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pandas as pd
from sqlalchemy import select

from directory.cli.group import EXISTING, commands, stop, today
from directory.db import get_session
from directory.models import AreaLink, Site
from directory.places import load
from directory.places.locate import locate_all
from directory.publishing.publish import publish_all
from geodata.area_values import convert_values, read_area_values, read_lookup
from geodata.areas import LEVELS, AreaColumns, read_areas
from geodata.crs import CRSError
from geodata.postcodes import read_codepoint

RULES = ("count", "rate", "score")


@commands.command("load-postcodes")
@click.argument("path", type=EXISTING)
def load_postcodes(path: Path) -> None:
    """Load OS Code-Point Open: one CSV file, a folder of them, or the zip as OS publishes it."""
    try:
        frame, bad = read_codepoint(path)
    except ValueError as error:
        stop(str(error))
    session = get_session()
    count = load.load_postcodes(session, frame)
    without = int(frame["easting"].isna().sum())
    click.echo(
        f"{count} postcodes loaded, {without} of them without a place. {len(bad)} rows could not be read."
    )
    for row in bad.head(5).itertuples():
        click.echo(f"  {row.file}, row {row.row}: {row.reason}")
    _place_again()


@commands.command("load-areas")
@click.argument("path", type=EXISTING)
@click.option("--level", type=click.Choice(sorted(LEVELS)), required=True)
@click.option("--code", help="The column of the code, where it is not as ONS names it.")
@click.option("--name", help="The column of the name.")
@click.option("--authority", help="The column of the local authority's code.")
def load_areas(path: Path, level: str, code: str | None, name: str | None, authority: str | None) -> None:
    """Load boundaries from GeoJSON or GeoPackage."""
    columns = AreaColumns(code, name, authority) if code else None
    try:
        frame, repaired = read_areas(path, level, columns)
    except (ValueError, CRSError) as error:
        stop(str(error))
    count = load.load_areas(get_session(), frame)
    mended = f" Invalid outlines repaired: {', '.join(repaired)}." if repaired else ""
    click.echo(f"{count} areas of level {level} loaded.{mended}")
    _place_again()


@commands.command("load-lookup")
@click.argument("path", type=EXISTING)
def load_lookup(path: Path) -> None:
    """Load the lookup of LSOAs of 2011 to those of 2021."""
    try:
        lookup = read_lookup(path)
    except ValueError as error:
        stop(str(error))
    links = lookup.rename(
        columns={"lsoa11_code": "from_code", "lsoa21_code": "to_code", "change_code": "relation"}
    )
    session = get_session()
    count = load.load_area_links(session, links)
    session.commit()
    click.echo(f"{count} links between LSOAs of 2011 and 2021 loaded.")


@commands.command("load-values")
@click.argument("path", type=EXISTING)
@click.option("--code", required=True, help="The column of the area's code.")
@click.option("--values", required=True, help="The columns of figures, with commas between.")
@click.option(
    "--lsoa11", type=click.Choice(RULES), help="The codes are of 2011: convert, as counts, rates or scores."
)
def load_values(path: Path, code: str, values: str, lsoa11: str | None) -> None:
    """Load figures for areas, such as people or deprivation, from a CSV table."""
    session = get_session()
    columns = [column.strip() for column in values.split(",") if column.strip()]
    try:
        frame = read_area_values(path, code, columns)
        if lsoa11:
            frame = convert_values(frame, _lookup(), lsoa11)  # type: ignore[arg-type]
    except ValueError as error:
        stop(str(error))
    known = frame[frame["value"].notna()]
    count = load.load_area_values(session, known)
    session.commit()
    blank = len(frame) - len(known)
    click.echo(f"{count} figures loaded for {known['code'].nunique()} areas. {blank} blank cells: not known.")


@commands.command("sites")
@click.option("--load", "to_load", type=EXISTING, help="A GeoJSON file of sites to add or change.")
@click.option("--retire", help="The short name of a site that ends today.")
def sites(to_load: Path | None, retire: str | None) -> None:
    """List, add, change or retire priority sites."""
    session = get_session()
    if to_load:
        try:
            slugs = load.load_sites(session, json.loads(to_load.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            stop(f"{to_load.name} is not a file of sites: {error!r}. docs/import-formats.md shows one.")
        click.echo(f"Sites loaded: {', '.join(slugs)}.")
    if retire:
        site = session.scalar(select(Site).where(Site.slug == retire))
        if site is None:
            stop(f"There is no site {retire!r}.")
        site.valid_to = today()
        click.echo(f"{site.name} ends today, and is kept in the record.")
    session.commit()
    for site in session.scalars(select(Site).order_by(Site.slug)):
        click.echo(f"{site.slug}: {site.name}, {site.valid_from or 'always'} to {site.valid_to or 'now'}")


def _lookup() -> pd.DataFrame:
    rows = get_session().execute(select(AreaLink.from_code, AreaLink.to_code, AreaLink.relation)).all()
    if not rows:
        stop("The lookup of LSOAs is not loaded. Run: flask directory load-lookup FILE")
    return pd.DataFrame(rows, columns=["lsoa11_code", "lsoa21_code", "change_code"])


def _place_again() -> None:
    """Records that were there before the geography are placed by it, and published anew."""
    session = get_session()
    count = locate_all(session)
    if count:
        publish_all(session, today())
        click.echo(f"{count} locations placed again.")
    session.commit()
