"""Small files in the formats in which the publishers bring them out, and a server of them all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from typing import Any
from urllib.parse import urlsplit

from geodata.open_files import (
    AUTHORITIES_2025,
    CODE_POINT_OPEN,
    DEPRIVATION_2025,
    LSOA_2011_TO_2021,
    LSOA_2021,
    LSOA_TO_WARD,
    POPULATION,
    WARDS_2025,
    police_archive,
)
from geodata.sources import OpenSource
from tests.loopback import Layer, Publishers, Served

CODE_POINT_URL = "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV&redirect"
CODE_POINT_PATH = "/omseprd1stdstordownload.blob.core.windows.net/downloads/CodePointOpen/codepo_gb.zip"
DEPRIVATION_HEADER = [
    "LSOA code (2021)",
    "LSOA name (2021)",
    "Local Authority District code (2024)",
    "Local Authority District name (2024)",
    "Index of Multiple Deprivation (IMD) Score",
    "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
    "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
]
CRIME_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)


def zipped(members: dict[str, str]) -> bytes:
    """A zip of text files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def code_point_zip(postcodes: int = 3) -> bytes:
    """Code-Point Open: one CSV an area, no header, and the header in a file of its own."""
    codes = '"E92000001","","","","E08000025","E05011153"'
    rows = [f'"B19 2T{chr(65 + n % 26)}",10,{406000 + n},{289000 + n},{codes}' for n in range(postcodes)]
    return zipped(
        {
            "Doc/Code-Point_Open_Column_Headers.csv": "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\r\n",
            "Data/CSV/b.csv": "\r\n".join(
                [*rows, '"B19 2ZZ",90,0,0,"E92000001","","","","E08000025",""', ""]
            ),
        }
    )


def deprivation_csv() -> bytes:
    """File 7 of the indices of deprivation, with the first columns of its header."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(DEPRIVATION_HEADER)
    rows.writerow(["E01009047", "Birmingham 040A", "E08000025", "Birmingham", "61.2", "512", "1"])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def square(corner: float, **properties: str) -> dict[str, Any]:
    """A feature with a square of 0.01 degrees near Birmingham."""
    west, south, east, north = -1.9 + corner, 52.5, -1.89 + corner, 52.51
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"FID": 1, **properties},
    }


def lsoas() -> list[dict[str, Any]]:
    """Five LSOAs; the last is not in the region."""
    names = ["Birmingham 040A", "Birmingham 040B", "Coventry 001A", "Walsall 002C", "Birminghamshire 001A"]
    return [
        square(n / 100, LSOA21CD=f"E0100904{n}", LSOA21NM=name, LSOA21NMW=" ") for n, name in enumerate(names)
    ]


def path_of(source: OpenSource) -> str:
    """Where the server has a source: /host/path."""
    parts = urlsplit(source.record.address)
    return f"/{parts.netloc}{parts.path}"


def publish(publishers: Publishers) -> None:
    """Serve every open file."""
    publish_code_point(publishers, code_point_zip())
    publishers.layers |= {path_of(source): Layer(features) for source, features in layers().items()}
    publishers.files[path_of(POPULATION)] = Served(zipped({"xl/workbook.xml": "<workbook/>"}))
    publishers.files[path_of(DEPRIVATION_2025)] = Served(deprivation_csv())
    crimes = zipped({"2025-09/2025-09-west-midlands-street.csv": CRIME_HEADER + "\r\n"})
    publish_police(publishers, crimes, hashlib.md5(crimes).hexdigest())


def publish_code_point(publishers: Publishers, content: bytes, md5: str | None = None) -> None:
    """Serve the list of downloads as the OS Downloads API gives it, and the file."""
    entry = {
        "md5": md5 or hashlib.md5(content).hexdigest(),
        "size": len(content),
        "url": CODE_POINT_URL,
        "format": "CSV",
        "area": "GB",
        "fileName": "codepo_gb.zip",
    }
    publishers.files[path_of(CODE_POINT_OPEN)] = Served(json.dumps([entry]).encode())
    publishers.redirects[CODE_POINT_URL.removeprefix("https:/")] = publishers.address + CODE_POINT_PATH
    publishers.files[CODE_POINT_PATH] = Served(content)


def publish_police(publishers: Publishers, content: bytes, md5: str) -> None:
    """Serve the archive and the page with its checksum."""
    publishers.files[path_of(police_archive("2025-09"))] = Served(content, {"ETag": '"many-parts-7"'})
    row = '<tr><td><a href="/data/archive/{0}.zip">{0}</a></td><td>1.7 GB</td><td>{1}</td></tr>'
    page = row.format("2025-10", "0" * 32) + row.format("2025-09", md5)
    publishers.files["/data.police.uk/data/archive/"] = Served(page.encode())


def layers() -> dict[OpenSource, list[dict[str, Any]]]:
    """The features of each layer."""
    birmingham = {"LAD25CD": "E08000025", "LAD25NM": "Birmingham"}
    leeds = {"LAD25CD": "E08000035", "LAD25NM": "Leeds"}
    split = [
        ("E01033628", "S", "E01034923"),
        ("E01033628", "S", "E01034925"),
        ("E01009047", "U", "E01009047"),
    ]
    lookup = [
        {"LSOA11CD": old, "LSOA11NM": "B", "CHGIND": change, "LSOA21CD": new, "LSOA21NM": "B"}
        | {"LAD22CD": "E08000025", "LAD22NM": "Birmingham", "ObjectId": "1"}
        for old, change, new in split
    ]
    ward = {"WD25CD": "E05011153", "WD25NM": "Lozells"}
    return {
        LSOA_2021: lsoas(),
        WARDS_2025: [square(0, **ward, **birmingham), square(1, WD25CD="E05012345", WD25NM="Hyde", **leeds)],
        AUTHORITIES_2025: [square(0, **birmingham), square(1, **leeds)],
        LSOA_2011_TO_2021: [{"type": "Feature", "geometry": None, "properties": row} for row in lookup],
        LSOA_TO_WARD: [
            {
                "type": "Feature",
                "geometry": None,
                "properties": {"LSOA21CD": "E01009047", "LSOA21NM": "B", **ward, **birmingham},
            }
        ],
    }
