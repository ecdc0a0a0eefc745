"""The walking network that is loaded, read once and kept while its file stays."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from geodata.network import WalkingNetwork, read_network

FILE_NAME = "walking-network.npz"
LOAD_NETWORK = "flask directory load-network FILE.osm.pbf"
_kept: dict[Path, KeptNetwork] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class KeptNetwork:
    """A network, and a mark that changes with its file: answers are kept by it."""

    mark: tuple[str, int, int]
    network: WalkingNetwork = field(repr=False, compare=False)


def kept_network(folder: Path) -> KeptNetwork | None:
    """The network in the instance folder; None where none is loaded, ValueError where it cannot be read."""
    path = folder / FILE_NAME
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    mark = (str(path), facts.st_mtime_ns, facts.st_size)
    with _lock:
        found = _kept.get(path)
        if found is None or found.mark != mark:
            found = KeptNetwork(mark, read_network(path))
            _kept[path] = found
        return found
