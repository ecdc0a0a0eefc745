"""Pages go out compressed to whoever can read that: on a slow network most of the wait is for their bytes."""

from __future__ import annotations

import gzip

from flask import Flask, Response, g, request

SMALLEST = 500  # bytes; less fits into one packet anyway
TEXT = (
    "text/",
    "application/json",
    "application/x-ndjson",
    "application/geo+json",
    "application/atom+xml",
    "image/svg+xml",
)
LEVEL = 5


def init_app(app: Flask) -> None:
    """Compress what an application answers, after everything else was done to it."""
    app.after_request(_compress)


def accepted() -> bool:
    """Whether whoever asks can read a compressed answer."""
    return request.accept_encodings.quality("gzip") > 0


def packed(text: bytes) -> bytes:
    """A text, compressed."""
    return gzip.compress(text, LEVEL, mtime=0)


def _compress(response: Response) -> Response:
    if response.direct_passthrough or response.is_streamed or not (response.mimetype or "").startswith(TEXT):
        return response
    response.vary.add("Accept-Encoding")
    # How long a compressed page is tells a little of what is in it. Where a stranger can put words of theirs
    # into the page by its address, that is enough to guess the token of a form, so pages with one go out as
    # they are.
    secret = "csrf_token" in g
    if secret or not accepted() or response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    content = response.get_data()
    if len(content) < SMALLEST:
        return response
    response.set_data(packed(content))
    response.headers["Content-Encoding"] = "gzip"
    if response.headers.get("ETag"):
        response.set_etag(response.get_etag()[0] or "", weak=True)
    return response
