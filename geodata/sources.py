"""How an open file is declared: who publishes it, under what licence, and how it is asked for.

The files themselves are listed in ``geodata.open_files``. Nothing here opens a file, a connection or a clock;
``directory.fetching`` does the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode


@dataclass(frozen=True)
class SourceRecord:
    """Where a file came from, in the words its licence asks for.

    Parameters
    ----------
    slug : str
        Short name, the same from one release to the next.
    title, publisher : str
        As the publisher writes them.
    licence, licence_url : str
        Name and address of the licence.
    attribution : str
        The acknowledgement to show wherever the data is used.
    address : str
        Where the file is, or was, fetched.
    retrieved_on : datetime.date, optional
        The day it was fetched; None until it has been.
    sha256 : str, optional
        Checksum of the file, 64 hexadecimal digits.
    bytes : int, optional
        Size of the file.
    """

    slug: str
    title: str
    publisher: str
    licence: str
    licence_url: str
    attribution: str
    address: str
    retrieved_on: date | None = None
    sha256: str | None = None
    bytes: int | None = None

    def retrieved(self, address: str, on: date, sha256: str, size: int) -> SourceRecord:
        """Give the record of a file that has been fetched.

        Parameters
        ----------
        address : str
            Where it was fetched.
        on : datetime.date
            The day; its year fills the copyright line.
        sha256 : str
            Checksum of the file.
        size : int
            Size in bytes.

        Returns
        -------
        SourceRecord
            The same source, with the facts of this copy.
        """
        line = self.attribution.replace("{year}", str(on.year))
        return replace(self, attribution=line, address=address, retrieved_on=on, sha256=sha256, bytes=size)

    def document(self) -> dict[str, Any]:
        """Give the record as plain values for JSON, leaving out what is not known.

        Returns
        -------
        dict
            Field name to text or number; the date in ISO form.
        """
        facts = {name: value for name, value in asdict(self).items() if value is not None}
        if self.retrieved_on is not None:
            facts["retrieved_on"] = self.retrieved_on.isoformat()
        return facts


def read_record(document: Mapping[str, Any]) -> SourceRecord:
    """Read back what `SourceRecord.document` wrote.

    Parameters
    ----------
    document : Mapping
        Field name to text or number. Other keys, such as the file's name, are passed over.

    Returns
    -------
    SourceRecord
        The record.

    Raises
    ------
    TypeError
        If a field that every record has is missing.
    ValueError
        If the date is not written as 2025-12-31.
    """
    facts = {name: value for name, value in document.items() if name in SourceRecord.__dataclass_fields__}
    if "retrieved_on" in facts:
        facts["retrieved_on"] = date.fromisoformat(facts["retrieved_on"])
    return SourceRecord(**facts)


@dataclass(frozen=True)
class LayerQuery:
    """What to ask of an ArcGIS feature layer.

    Parameters
    ----------
    fields : tuple of str
        Columns to keep.
    key : tuple of str
        Columns that no two features share; the first also fixes the order of the pages.
    authority_field : str, optional
        Column with the code of the local authority, by which a region is chosen.
    name_field : str, optional
        Column whose text begins with the authority's name, used where a layer has no such code.
    has_shapes : bool
        False for a lookup, which is a table and is kept as CSV.
    """

    fields: tuple[str, ...]
    key: tuple[str, ...]
    authority_field: str | None = None
    name_field: str | None = None
    has_shapes: bool = True

    def where(self, authorities: Mapping[str, str] | None) -> str:
        """Write the condition that limits the query to some authorities.

        Parameters
        ----------
        authorities : Mapping of str to str, optional
            Authority code to name; None asks for every feature.

        Returns
        -------
        str
            An SQL condition, as ArcGIS takes it.

        Examples
        --------
        >>> LayerQuery(("A",), ("A",), authority_field="LAD25CD").where({"E08000025": "Birmingham"})
        "LAD25CD IN ('E08000025')"
        """
        if authorities is None:
            return "1=1"
        if self.authority_field:
            codes = ", ".join(f"'{code}'" for code in authorities)
            return f"{self.authority_field} IN ({codes})"
        return " OR ".join(f"{self.name_field} LIKE '{name} %'" for name in authorities.values())

    def parameters(self, authorities: Mapping[str, str] | None) -> dict[str, str]:
        """List the parameters of the query, but for the page.

        Parameters
        ----------
        authorities : Mapping of str to str, optional
            Authority code to name; None asks for every feature.

        Returns
        -------
        dict of str to str
            Parameters of the ArcGIS REST ``query`` operation. Shapes come as longitude and latitude
            (EPSG:4326) with six decimals, which is about 0.1 metres.
        """
        asked = {
            "where": self.where(authorities),
            "outFields": ",".join(self.fields),
            "orderByFields": ",".join(self.key),
            "returnGeometry": str(self.has_shapes).lower(),
            "f": "geojson",
        }
        return asked | ({"outSR": "4326", "geometryPrecision": "6"} if self.has_shapes else {})


@dataclass(frozen=True)
class OpenSource:
    """An open file: what it is, how it is fetched and what is allowed on the way.

    Parameters
    ----------
    record : SourceRecord
        Publisher, licence and address.
    file_name : str
        Name of the file in the download folder.
    kind : {'file', 'listing', 'layer'}
        A plain file; a list of files with their MD5 (OS Downloads API); or a layer asked for in pages
        (ArcGIS).
    hosts : tuple of str
        The only hosts that a request or a redirect may go to.
    page : str
        The page for people, for those who fetch the file by hand.
    largest_bytes : int
        More than this is refused.
    query : LayerQuery, optional
        For a layer.
    checksum_page : str, optional
        A page on which the publisher writes the MD5 of each file.
    """

    record: SourceRecord
    file_name: str
    kind: Literal["file", "listing", "layer"]
    hosts: tuple[str, ...]
    page: str
    largest_bytes: int
    query: LayerQuery | None = None
    checksum_page: str | None = None

    @property
    def slug(self) -> str:
        """The short name of the source."""
        return self.record.slug

    def address(self, authorities: Mapping[str, str] | None = None) -> str:
        """Give the address to ask, without the page of a layer.

        Parameters
        ----------
        authorities : Mapping of str to str, optional
            Authority code to name, to limit a layer to them. Files are always whole.

        Returns
        -------
        str
            The address.
        """
        if self.query is None:
            return self.record.address
        return f"{self.record.address}/query?{urlencode(self.query.parameters(authorities))}"
