"""The logo and the documents of an organisation as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for


def files(document: Mapping[str, Any]) -> dict[str, Any]:
    """The logo of a published organisation, if there is one, and its documents."""
    shown = [
        file | {"href": url_for("uploads.show", upload_id=file["id"]), "size": size_text(file["size"])}
        for file in document.get("uploads", [])
    ]
    return {
        "logo": next((file for file in shown if file["kind"] == "logo"), None),
        "documents": [file for file in shown if file["kind"] == "document"],
    }


def size_text(size: int) -> str:
    """How large a file is."""
    return f"{max(1, size // 1024):,} kB"
