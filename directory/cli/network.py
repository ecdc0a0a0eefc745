"""The command that loads a walking network."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cli.group import EXISTING, commands, stop, today
from directory.coverage.kept_network import FILE_NAME
from directory.db import get_session
from directory.models import Area
from directory.places.find import site_points
from directory.places.frames import current_sites
from geodata.network import MOST_REST_METRES, WalkingNetwork, save_network, snap
from geodata.walking_ways import read_walking_network


@commands.command("load-network")
@click.argument("path", type=EXISTING)
def load_network(path: Path) -> None:
    """Load the ways that can be walked, from an extract of OpenStreetMap such as FILE.osm.pbf."""
    try:
        network = read_walking_network(path)
    except ValueError as error:
        stop(f"{error}.")
    sentences = _places_on(network, get_session(), path)
    folder = Path(current_app.config["INSTANCE_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    save_network(network, folder / FILE_NAME)
    kilometres = network.metres.sum() / 1000
    click.echo(f"{len(network.xy)} nodes and {kilometres:.1f} km of ways that can be walked are kept.")
    if network.left_out:
        click.echo(f"{network.left_out} nodes hang together with nothing, and were left out.")
    for sentence in sentences:
        click.echo(sentence)
    click.echo("Source: © OpenStreetMap contributors, Open Database Licence (ODbL) 1.0.")


def _places_on(network: WalkingNetwork, session: Session, path: Path) -> list[str]:
    """How many of the places that are loaded stand on the network; stops where none does."""
    sites = [point for site in current_sites(session, today()) for point in site_points(site)]
    areas = session.execute(select(Area.easting, Area.northing).where(Area.level == "lsoa21")).all()
    sentences, standing = [], 0
    for name, places in (("reference points of sites", sites), ("small areas", areas)):
        if not places:
            continue
        node, _ = snap(network, np.array([tuple(place) for place in places], dtype=float))
        on_it = int((node >= 0).sum())
        standing += on_it
        sentences.append(f"{on_it} of {len(places)} {name} lie within {MOST_REST_METRES:.0f} metres of it.")
    if sentences and not standing:
        stop(
            f"{path.name} is of another region: it covers {_box(network.xy)}, and no site or small area that "
            "is loaded lies there. Nothing was changed. Give an extract that holds them."
        )
    return sentences


def _box(xy: NDArray[np.float64]) -> str:
    (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
    return f"eastings {west:.0f} to {east:.0f} and northings {south:.0f} to {north:.0f}"
