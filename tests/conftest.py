"""Fixtures for every test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real open data, or a skip that says how to get it. In CI its absence is a failure."""
    folder = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        message = f"no open data in {folder}: set SHARED_DATA to the folder described in CONTRIBUTING.md"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
