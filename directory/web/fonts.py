"""The letters that pages to print and pictures are written in."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import matplotlib

# DejaVu, which comes with matplotlib, has the letters of most languages, but not all of Urdu.
DEJAVU, URDU = "DejaVu", "Vazirmatn"


def font_files() -> dict[str, tuple[Path, Path]]:
    """The files of each family: plain, and bold."""
    dejavu = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    urdu = Path(str(resources.files("directory"))) / "static" / "vendor" / "fonts"
    return {
        DEJAVU: (dejavu / "DejaVuSans.ttf", dejavu / "DejaVuSans-Bold.ttf"),
        URDU: (urdu / "Vazirmatn.ttf", urdu / "Vazirmatn-Bold.ttf"),
    }
