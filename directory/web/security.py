"""Headers that keep a page to itself: nothing from elsewhere, nothing inline without the page's own nonce."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g
from werkzeug.middleware.proxy_fix import ProxyFix

from directory.config import Settings

HTTPS_FOR = 2 * 365 * 24 * 60 * 60  # seconds


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates their nonce, every response its headers, and say which hosts and proxies to believe."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(_add_headers)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        # The host is not taken from them: a reader can write anything there.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    if settings.directory_env == "production":
        app.config["TRUSTED_HOSTS"] = [urlsplit(settings.public_url).hostname]
        app.after_request(_demand_https)


def csp_nonce() -> str:
    """The nonce of this response, made when it is first asked for."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _demand_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={HTTPS_FOR}; includeSubDomains"
    return response


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
    # A file of a stranger's has a stricter one of its own.
    response.headers.setdefault(
        "Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    response.headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response
