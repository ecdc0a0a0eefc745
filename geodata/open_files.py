"""The open files this system is built on, one declaration each.

Declarations only: nothing here opens a file, a connection or a clock. When a publisher brings out a new
release, this is the one place to change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from geodata.sources import LayerQuery, OpenSource, SourceRecord

OPEN_GOVERNMENT_LICENCE = "Open Government Licence v3.0"
OPEN_GOVERNMENT_LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

WEST_MIDLANDS: Mapping[str, str] = {
    "E08000025": "Birmingham",
    "E08000026": "Coventry",
    "E08000027": "Dudley",
    "E08000028": "Sandwell",
    "E08000029": "Solihull",
    "E08000030": "Walsall",
    "E08000031": "Wolverhampton",
}

MEGABYTE = 1_000_000
_ONS_SERVICES = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
_ONS_HOSTS = ("services1.arcgis.com",)
_ONS = "Office for National Statistics"
_ONS_ATTRIBUTION = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
_OS_IN_ONS = "Contains OS data © Crown copyright and database right {year}."


def _record(slug: str, title: str, publisher: str, attribution: str, address: str) -> SourceRecord:
    return SourceRecord(
        slug, title, publisher, OPEN_GOVERNMENT_LICENCE, OPEN_GOVERNMENT_LICENCE_URL, attribution, address
    )


def _layer(slug: str, title: str, service: str, query: LayerQuery) -> OpenSource:
    attribution = f"{_ONS_ATTRIBUTION} {_OS_IN_ONS}" if query.has_shapes else _ONS_ATTRIBUTION
    record = _record(slug, title, _ONS, attribution, f"{_ONS_SERVICES}/{service}/FeatureServer/0")
    name = f"{slug}.{'geojson' if query.has_shapes else 'csv'}"
    page = f"https://geoportal.statistics.gov.uk/search?q={quote(title)}"
    return OpenSource(record, name, "layer", _ONS_HOSTS, page, 400 * MEGABYTE, query)


CODE_POINT_OPEN = OpenSource(
    record=_record(
        "codepoint-open",
        "Code-Point Open",
        "Ordnance Survey",
        "Contains OS data © Crown copyright and database right {year}. "
        "Contains Royal Mail data © Royal Mail copyright and database right {year}. "
        "Contains National Statistics data © Crown copyright and database right {year}.",
        "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV",
    ),
    file_name="codepoint-open.zip",
    kind="listing",
    hosts=("api.os.uk", "omseprd1stdstordownload.blob.core.windows.net"),
    page="https://osdatahub.os.uk/downloads/open/CodePointOpen",
    largest_bytes=200 * MEGABYTE,
)

LSOA_2021 = _layer(
    "lsoa-2021",
    "Lower layer Super Output Areas (December 2021) Boundaries EW BGC (V5)",
    "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5",
    # This layer has no authority code; every LSOA's name begins with its authority's.
    LayerQuery(("LSOA21CD", "LSOA21NM"), ("LSOA21CD",), name_field="LSOA21NM"),
)

WARDS_2025 = _layer(
    "wards-2025",
    "Wards (May 2025) Boundaries UK BGC (V2)",
    "WD_MAY_2025_UK_BGC_V2",
    LayerQuery(("WD25CD", "WD25NM", "LAD25CD", "LAD25NM"), ("WD25CD",), authority_field="LAD25CD"),
)

AUTHORITIES_2025 = _layer(
    "authorities-2025",
    "Local Authority Districts (May 2025) Boundaries UK BGC (V2)",
    "LAD_MAY_2025_UK_BGC_V2",
    LayerQuery(("LAD25CD", "LAD25NM"), ("LAD25CD",), authority_field="LAD25CD"),
)

LSOA_2011_TO_2021 = _layer(
    "lsoa-2011-to-2021",
    "LSOA (2011) to LSOA (2021) to Local Authority District (2022) Exact Fit Lookup for EW (V3)",
    "LSOA11_LSOA21_LAD22_EW_LU_v5",
    LayerQuery(
        ("LSOA11CD", "LSOA11NM", "CHGIND", "LSOA21CD", "LSOA21NM", "LAD22CD", "LAD22NM"),
        ("LSOA11CD", "LSOA21CD"),
        authority_field="LAD22CD",
        has_shapes=False,
    ),
)

LSOA_TO_WARD = _layer(
    "lsoa-to-ward",
    "LSOA (2021) to Electoral Ward (2025) to LAD (2025) Best Fit Lookup in EW (V2)",
    "LSOA21_WD25_LAD25_EW_LU_v2",
    LayerQuery(
        ("LSOA21CD", "LSOA21NM", "WD25CD", "WD25NM", "LAD25CD", "LAD25NM"),
        ("LSOA21CD",),
        authority_field="LAD25CD",
        has_shapes=False,
    ),
)

_POPULATION_PAGE = (
    "/peoplepopulationandcommunity/populationandmigration/populationestimates/datasets/"
    "lowersuperoutputareamidyearpopulationestimates"
)
POPULATION = OpenSource(
    record=_record(
        "population-lsoa",
        "Lower layer Super Output Area population estimates, mid-2022 (revised) to mid-2024",
        _ONS,
        _ONS_ATTRIBUTION,
        f"https://www.ons.gov.uk/file?uri={_POPULATION_PAGE}/mid2022revisednov2025tomid2024/sapelsoasyoa20222024.xlsx",
    ),
    file_name="population-lsoa.xlsx",
    kind="file",
    hosts=("www.ons.gov.uk", "download.ons.gov.uk"),
    page=f"https://www.ons.gov.uk{_POPULATION_PAGE}",
    largest_bytes=300 * MEGABYTE,
)

DEPRIVATION_2025 = OpenSource(
    record=_record(
        "deprivation-2025",
        "English indices of deprivation 2025, File 7: all ranks, scores, deciles and population denominators",
        "Ministry of Housing, Communities and Local Government",
        "Source: Ministry of Housing, Communities and Local Government, English indices of deprivation 2025, "
        "licensed under the Open Government Licence v3.0.",
        "https://assets.publishing.service.gov.uk/media/691ded56d140bbbaa59a2a7d/"
        "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv",
    ),
    file_name="deprivation-2025.csv",
    kind="file",
    hosts=("assets.publishing.service.gov.uk",),
    page="https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025",
    largest_bytes=100 * MEGABYTE,
)


def police_archive(month: str | None = None) -> OpenSource:
    """Declare the archive of police-recorded crime that ends with a month.

    Parameters
    ----------
    month : str, optional
        Such as ``2025-09``; None is the newest.

    Returns
    -------
    OpenSource
        A zip of some 1.7 GB with the three years up to that month, every force.

    Raises
    ------
    ValueError
        If the month is not written as 2025-09.

    Notes
    -----
    The addresses are described at https://data.police.uk/about/, the checksums (MD5) are on
    https://data.police.uk/data/archive/.
    """
    if month is not None and not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise ValueError(f"The month {month!r} is not written as 2025-09.")
    return OpenSource(
        record=_record(
            "police-archive",
            "Police recorded street-level crime, archive",
            "data.police.uk",
            "Contains public sector information from data.police.uk licensed under the "
            "Open Government Licence v3.0.",
            f"https://data.police.uk/data/archive/{month or 'latest'}.zip",
        ),
        file_name="police-archive.zip",
        kind="file",
        hosts=("data.police.uk", "policeuk-data.s3.amazonaws.com"),
        page="https://data.police.uk/data/archive/",
        largest_bytes=4_000 * MEGABYTE,
        checksum_page="https://data.police.uk/data/archive/",
    )


def open_sources(police_month: str | None = None) -> tuple[OpenSource, ...]:
    """List every open file, the large one last.

    Parameters
    ----------
    police_month : str, optional
        The month of the police archive, such as ``2025-09``; None is the newest.

    Returns
    -------
    tuple of OpenSource
        The declarations.

    Raises
    ------
    ValueError
        If the month is not written as 2025-09.
    """
    return (
        CODE_POINT_OPEN,
        LSOA_2021,
        WARDS_2025,
        AUTHORITIES_2025,
        LSOA_2011_TO_2021,
        LSOA_TO_WARD,
        POPULATION,
        DEPRIVATION_2025,
        police_archive(police_month),
    )
