"""Commands for geography: postcodes, areas, figures for areas, sites."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pandas as pd
from sqlalchemy import select

from directory.cli.group import EXISTING, commands, stop, today
from directory.db import get_session
from directory.fetching.credit import credit
from directory.fetching.requesting import FetchError
from directory.models import Area, AreaLink, Site
from directory.places import load
from directory.places.flag import place_all
from directory.publishing.publish import publish_all
from geodata.area_values import convert_values, read_area_values, read_lookup
from geodata.areas import LEVELS, AreaColumns, read_areas
from geodata.crime import VIOLENCE, CrimeCounts, crime_values, read_crime
from geodata.crs import CRSError
from geodata.postcodes import read_codepoint

RULES = ("count", "rate", "score")
# How an LSOA of 2011 became those of 2021: unchanged, split, merged, irregular.
CHANGES = ("U", "S", "M", "X")


@commands.command("load-postcodes")
@click.argument("path", type=EXISTING)
def load_postcodes(path: Path) -> None:
    """Load OS Code-Point Open: one CSV file, a folder of them, or the zip as OS publishes it."""
    try:
        frame, bad = read_codepoint(path)
    except ValueError as error:
        stop(_cannot_use(path, error))
    session = get_session()
    count = load.load_postcodes(session, frame)
    _credit(path)
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
@click.option("--replace", is_flag=True, help="The file holds the whole level: take all its other areas out.")
def load_areas(
    *, path: Path, level: str, code: str | None, name: str | None, authority: str | None, replace: bool
) -> None:
    """Load boundaries from GeoJSON or GeoPackage."""
    if (name or authority) and not code:
        stop("Say --code too: the columns of a file are named all together.")
    try:
        frame, repaired = read_areas(path, level, AreaColumns(code, name, authority) if code else None)
    except (ValueError, CRSError) as error:
        stop(_cannot_use(path, error))
    session = get_session()
    count = load.load_areas(session, frame)
    _credit(path)
    mended = f" Invalid outlines repaired: {', '.join(repaired)}." if repaired else ""
    click.echo(f"{count} areas of level {level} loaded.{mended}")
    if replace:
        click.echo(f"{load.remove_other_areas(session, level, frame['code'].tolist())} others taken out.")
    _place_again()


@commands.command("load-lookup")
@click.argument("path", type=EXISTING)
def load_lookup(path: Path) -> None:
    """Load the lookup of LSOAs of 2011 to those of 2021."""
    try:
        links = read_lookup(path).rename(
            columns={"lsoa11_code": "from_code", "lsoa21_code": "to_code", "change_code": "relation"}
        )
        session = get_session()
        count = load.load_area_links(session, links)
    except ValueError as error:
        stop(_cannot_use(path, error))
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
    if not columns:
        stop("Name at least one column of figures with --values.")
    try:
        frame = read_area_values(path, code, columns)
        if lsoa11:
            frame = convert_values(frame, _lookup(), lsoa11)  # type: ignore[arg-type]
    except ValueError as error:
        stop(_cannot_use(path, error))
    count = load.load_area_values(session, frame, _credit(path))
    session.commit()
    areas = frame.loc[frame["value"].notna(), "code"].nunique()
    click.echo(f"{count} figures loaded for {areas} areas. {len(frame) - count} are blank: not known.")


@commands.command("load-crime")
@click.argument("path", type=EXISTING)
@click.option("--measure", default="violence", show_default=True, help="What to call the figure.")
@click.option("--type", "types", multiple=True, help="A kind of crime that counts; may be given again.")
@click.option("--lsoa11", is_flag=True, help="The codes are of 2011, as before 2022: convert them.")
def load_crime(path: Path, measure: str, types: tuple[str, ...], lsoa11: bool) -> None:
    """Load recorded crime from data.police.uk, as figures for small areas: a CSV file, a folder or the zip.

    Without --type the kinds are violence and sexual offences, robbery, and possession of weapons."""
    session = get_session()
    lookup = _lookup() if lsoa11 else None
    codes = set(session.scalars(select(Area.code).where(Area.level == "lsoa21")))
    if lookup is not None:
        codes = set(lookup["lsoa11_code"])
    if not codes:
        stop("No small areas are loaded. Load them, with --level lsoa21: flask directory load-areas FILE")
    try:
        crime = read_crime(path)
        usual = [kind for kind in VIOLENCE if crime.counts["crime_type"].eq(kind).any()]
        frame = crime_values(crime, types or usual or VIOLENCE, sorted(codes), measure)
    except ValueError as error:
        stop(_cannot_use(path, error))
    if not frame["value"].sum():
        stop(
            f"{path.name} has no such crime in the areas that are loaded. Try --lsoa11 for files before 2022."
        )
    count = load.load_area_values(
        session, frame if lookup is None else convert_values(frame, lookup, "count"), _credit(path)
    )
    session.commit()
    click.echo(_crime_report(crime, int(frame["value"].sum()), count, measure))
    elsewhere = sorted(set(crime.counts["code"]) - codes)
    if elsewhere:
        click.echo(
            f"{len(elsewhere)} areas of the file are not loaded, and were passed over: {elsewhere[0]} …"
        )


def _crime_report(crime: CrimeCounts, counted: int, areas: int, measure: str) -> str:
    months = crime.months[0] if len(crime.months) == 1 else f"{crime.months[0]} to {crime.months[-1]}"
    return (
        f"{crime.rows} rows read, of {months} ({len(crime.months)} months). {counted} crimes counted as "
        f"\u201c{measure}\u201d for {areas} areas. {crime.without_area} rows name no area."
    )


@commands.command("sites")
@click.option("--load", "to_load", type=EXISTING, help="A GeoJSON file of sites to add or change.")
@click.option("--retire", help="The short name of a site that ends today.")
def sites(to_load: Path | None, retire: str | None) -> None:
    """List, add, change or retire priority sites."""
    session = get_session()
    if to_load:
        try:
            slugs = load.load_sites(session, json.loads(to_load.read_text(encoding="utf-8")))
        except ValueError as error:
            stop(f"{to_load.name} is not a file of sites. {error} docs/import-formats.md shows one.")
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


def _credit(path: Path) -> str | None:
    """Record who published a file that scripts/fetch_geodata.py brought; the identifier of the source."""
    try:
        source = credit(get_session(), path)
    except FetchError as error:
        stop(str(error))
    if source is None:
        return None
    click.echo(f"Source: {source.title}, {source.publisher}.")
    return source.id


def _lookup() -> pd.DataFrame:
    query = select(AreaLink.from_code, AreaLink.to_code, AreaLink.relation)
    rows = get_session().execute(query.where(AreaLink.relation.in_(CHANGES))).all()
    if not rows:
        stop("The lookup of LSOAs is not loaded. Run: flask directory load-lookup FILE")
    return pd.DataFrame(rows, columns=["lsoa11_code", "lsoa21_code", "change_code"])


def _place_again() -> None:
    """Records that were there before the geography are placed by it, and published anew."""
    session = get_session()
    count = place_all(session)
    if count:
        publish_all(session, today())
        click.echo(f"{count} locations placed again.")
    session.commit()


def _cannot_use(path: Path, error: Exception) -> str:
    """The reason, with the file's name where the reason does not give it."""
    message = str(error).rstrip(".")
    return f"{message}." if path.name in message else f"{path.name} cannot be used: {message}."
