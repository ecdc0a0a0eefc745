"""Make a PDF anew from its pages: without scripts, forms, links, attached files, or notes on who wrote it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    RectangleObject,
    StreamObject,
)

from directory.languages import gettext
from directory.safekeeping.pictures import RefusedError

MOST_PAGES = 40
MOST_BYTES = 5 * 1024 * 1024
MOST_TEXT = 400_000
LARGEST_SIDE = 6_000  # points: three times a large poster
# What of a page is kept. Links, forms and notes are annotations, and stay behind.
PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate")
# What makes a reader do something, or carries something along, wherever in a page's parts it stands.
FORBIDDEN = frozenset(
    """/AA /AcroForm /AF /Annots /EF /EmbeddedFiles /JavaScript /JS /Launch /Metadata /Names /OPI /OpenAction
    /Outlines /PieceInfo /RichMedia /StructParent /StructParents /Threads /URI /XFA""".split()  # noqa: SIM905
)
# What in the head of a drawing or picture points out of the file. Elsewhere they may be names of fonts.
FORBIDDEN_IN_STREAMS = frozenset({"/F", "/FFilter", "/FDecodeParms", "/PS", "/Ref"})
BAD_TYPES = frozenset({"/Action", "/Filespec", "/EmbeddedFile"})
BAD_ACTIONS = frozenset({"/JavaScript", "/Launch", "/URI", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData"})
MOST_DRAWING = 4 * 1024 * 1024


def remake_pdf(data: bytes) -> tuple[bytes, str]:
    """The pages of a PDF as a new one, and the text on them."""
    if not data[:1024].lstrip().startswith(b"%PDF-"):
        raise RefusedError(gettext("This is not a PDF. Save the document as PDF and send that."))
    # What is wrong with strangers' files is theirs: a log of it would hold parts of them.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        made, text = _remade(data)
    except RefusedError:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError) as error:
        raise RefusedError(
            gettext(
                "This PDF is damaged, or made in a way that cannot be read. "
                "Print it to a new PDF and send that."
            )
        ) from error
    except (NotImplementedError, IndexError, OverflowError, MemoryError, AssertionError) as error:
        raise RefusedError(
            gettext("This PDF cannot be read. Print it to a new PDF and send that.")
        ) from error
    if len(made) > MOST_BYTES:
        raise RefusedError(gettext("The pages come to more than 5 MB. Make the pictures in it smaller."))
    return made, text


def _remade(data: bytes) -> tuple[bytes, str]:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise RefusedError(gettext("This PDF has a password. Save it without one."))
    if not 0 < len(reader.pages) <= MOST_PAGES:
        raise RefusedError(
            gettext(
                "This PDF has %(pages)s pages, and 1 to %(most)s are taken.",
                pages=len(reader.pages),
                most=MOST_PAGES,
            )
        )
    writer = PdfWriter()
    texts: list[str] = []
    for page in reader.pages:
        _copy(writer, page)
        texts.append(page.extract_text()[:MOST_TEXT])
    for thing in list(_things(writer)):
        _strip(thing)
    writer.metadata = None
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue(), "\n".join(texts)[:MOST_TEXT]


def _copy(writer: PdfWriter, page: PageObject) -> None:
    """Make a page of the same size with the same drawing, and with nothing else of the old one."""
    box = page.mediabox
    if not 0 < float(box.width) <= LARGEST_SIDE or not 0 < float(box.height) <= LARGEST_SIDE:
        raise RefusedError(gettext("A page of this PDF is larger than any sheet of paper."))
    made = writer.add_blank_page(float(box.width), float(box.height))
    for key in PAGE_KEYS:
        if key in page:
            value: Any = page[key]
            made[NameObject(key)] = value if key == "/Rotate" else RectangleObject(tuple(map(float, value)))
    content = page.get_contents()
    if content is not None:
        if len(content.get_data()) > MOST_DRAWING:
            raise RefusedError(
                gettext("A page of this PDF has too much on it. Print it to a new PDF and send that.")
            )
        made[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    resources = page.get("/Resources")
    if resources is not None:
        made[NameObject("/Resources")] = resources.get_object().clone(writer)


def _things(writer: PdfWriter) -> Iterator[Any]:
    """Every object of the new document, and what stands within it."""
    waiting = list(writer._objects)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject) or thing is None:
            continue
        yield thing
        if isinstance(thing, DictionaryObject):
            waiting += thing.values()
        elif isinstance(thing, ArrayObject):
            waiting += list(thing)


def _strip(thing: Any) -> None:
    if not isinstance(thing, DictionaryObject):
        return
    if thing.get("/Type") in BAD_TYPES or thing.get("/S") in BAD_ACTIONS:
        thing.clear()
        return
    bad = FORBIDDEN | FORBIDDEN_IN_STREAMS if isinstance(thing, StreamObject) else FORBIDDEN
    for key in bad & set(thing):
        del thing[key]
