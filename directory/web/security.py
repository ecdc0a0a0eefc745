"""Headers that keep a page to itself: nothing from elsewhere, nothing inline without the page's own nonce."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g


def init_app(app: Flask) -> None:
    """Give templates their nonce, and every response its headers."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(_add_headers)


def csp_nonce() -> str:
    """The nonce of this response, made when it is first asked for."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _add_headers(response: Response) -> Response:
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    tiles = urlsplit(current_app.config["TILES_URL"])
    tile_host = f" {tiles.scheme}://{tiles.netloc.replace('{s}', '*')}" if tiles.netloc else ""
    policy = {
        "default-src": "'self'",
        "script-src": f"'self'{nonce}",
        "style-src": f"'self'{nonce}",
        "img-src": f"'self' data:{tile_host}",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        # A view that is made to stand in the frames of others says so; all other pages stay by themselves.
        "frame-ancestors": str(g.get("frame_ancestors", "'self'")),
    }
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {value}" for name, value in policy.items()
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response
