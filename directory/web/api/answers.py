"""Answers that can be cached, compressed, and read from the pages of others."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import Response, request

from directory.web.api.problems import OPEN
from directory.web.compressing import LEVEL, accepted

JSON = "application/json"


def dump_json(document: Any) -> str:
    """A document as JSON without spaces."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def json_answer(document: Any, changed: datetime | None) -> Response:
    """A document, or 304 to whoever has it already."""
    text = dump_json(document)
    response = Response(text, content_type=JSON)
    # Weak, because the same answer may go out compressed or not.
    return finished(response, hashlib.sha256(text.encode()).hexdigest()[:32], changed)


def streamed_answer(
    parts: Iterable[str] | Iterable[bytes],
    content_type: str,
    changed: datetime | None,
    *,
    compress: bool = True,
) -> Response:
    """A long answer, sent as it is made; its ETag is of the moment that it shows."""
    raw = (part.encode() if isinstance(part, str) else part for part in parts)
    moment = changed.isoformat() if changed else ""
    key = hashlib.sha256(f"{moment} {request.full_path}".encode()).hexdigest()[:32]
    return finished(Response(raw, content_type=content_type), key, changed, compress=compress)


def finished(response: Response, etag: str, changed: datetime | None, *, compress: bool = True) -> Response:
    """Give an answer its headers; to whoever has it already, say that nothing changed.

    One that is sent as it is made is compressed here; others by `directory.web.compressing`, as pages are.
    """
    response.headers.update(OPEN)
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.vary.add("Accept-Encoding")
    response.set_etag(etag, weak=True)
    if changed is not None:
        response.last_modified = changed
    response.make_conditional(request.environ)
    if compress and response.is_streamed and response.status_code == 200 and accepted():
        response.response = _compressed(response.response)  # type: ignore[arg-type]
        response.headers["Content-Encoding"] = "gzip"
    return response


def _compressed(parts: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, wbits=31)
    try:
        for part in parts:
            packed = packer.compress(part)
            if packed:
                yield packed
        yield packer.flush()
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
