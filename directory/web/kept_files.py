"""Style sheets, scripts and pictures under an address that changes with them: browsers ask for them once.

The address names the edition of the whole folder: scripts and style sheets that name one another by relative
addresses stay in one edition. `/static/NAME` is there as well, for what others link to.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, url_for
from werkzeug.security import safe_join

from directory.web.compressing import accepted

A_YEAR = "public, max-age=31536000, immutable"
UNSERVED = {".scss", ".txt", ".pyc"}  # no page links to sources, and Python writes its own files at any time


def init_app(app: Flask) -> None:
    """Serve the files of an application's static folder, and give templates their addresses."""
    app.add_url_rule("/static/e-<edition>/<path:filename>", "kept_file", kept_file)
    app.jinja_env.globals["asset"] = asset


def asset(filename: str) -> str:
    """The address of a file, or, without a name, of the folder."""
    folder = Path(str(current_app.static_folder))
    return url_for("static", filename=f"e-{edition_of(folder)}/{filename}")


def kept_file(edition: str, filename: str) -> Response:
    """A style sheet, script or picture, which browsers keep for a year."""
    folder = Path(str(current_app.static_folder))
    path = safe_join(str(folder), filename)
    if path is None or not _is_file(Path(path)):
        abort(404)
    compressed = accepted()
    plain, packed = read_file(Path(path), Path(path).stat().st_mtime_ns)
    response = Response(
        packed if compressed and packed else plain, mimetype=mimetypes.guess_type(filename)[0]
    )
    if compressed and packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    # A page of the version before, or of a server that has the next one already, gets ours, and does not keep
    # it.
    current = edition == edition_of(folder) and not current_app.debug
    response.headers["Cache-Control"] = A_YEAR if current else "no-cache"
    return response


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is longer than a file may have
        return False


def release() -> tuple[str, str]:
    """What tells one version of code, sentences and templates from another; read once in each process."""
    package = Path(current_app.root_path)
    return edition_of(package), edition_of(package / str(current_app.template_folder))


@cache
def edition_of(folder: Path) -> str:
    """A short name for what all files hold together."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in UNSERVED:
            total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


@cache
def read_file(path: Path, _changed: int) -> tuple[bytes, bytes | None]:
    """What a file holds, and the same compressed where that is less; all together are half a megabyte."""
    plain = path.read_bytes()
    packed = gzip.compress(plain, 9, mtime=0)
    return plain, packed if len(packed) < len(plain) else None
