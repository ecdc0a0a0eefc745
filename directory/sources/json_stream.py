"""The objects of a long JSON array one after another, so that memory does not grow with the file."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

from directory.sources.entry import SourceError

CHUNK_BYTES = 1 << 18
LARGEST_OBJECT = 1 << 20
LARGEST_STREAM = 4 * 1024**3
_BETWEEN = " \t\r\n,"


def stream_objects(file: IO[bytes], name: str) -> Iterator[dict[str, Any]]:
    """Every object of the array in a file; the name is for messages.

    A file that is cut or garbled is refused where that begins: what follows could be anything.
    """
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    texts = _texts(file, name)
    buffer = next(texts, "").lstrip()
    if not buffer.startswith("["):
        raise SourceError(f"{name} is not a JSON array.")
    place = 1
    while True:
        while place < len(buffer) and buffer[place] in _BETWEEN:
            place += 1
        if place < len(buffer):
            if buffer[place] == "]":
                return
            found = _decoded(decoder, buffer, place, name)
            if found is not None:
                item, place = found
                yield item
                continue
        more = next(texts, "")
        if not more:
            raise SourceError(f"{name} ends in the middle. Download it again.")
        buffer, place = buffer[place:] + more, 0


def _decoded(
    decoder: json.JSONDecoder, buffer: str, place: int, name: str
) -> tuple[dict[str, Any], int] | None:
    """The object that begins at a place, and where it ends; None if the buffer holds only its beginning."""
    if buffer[place] != "{":
        raise SourceError(f"{name} is not an array of objects: {buffer[place : place + 20]!a} stands in it.")
    try:
        return decoder.raw_decode(buffer, place)
    except json.JSONDecodeError as error:
        if len(buffer) - place > LARGEST_OBJECT:
            raise SourceError(f"{name} is not JSON: {error.msg}, or an object of it is too long.") from error
        return None
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name} cannot be read: {error}") from error


def _texts(file: IO[bytes], name: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    size = 0
    while piece := file.read(CHUNK_BYTES):
        size += len(piece)
        if size > LARGEST_STREAM:
            raise SourceError(f"{name} unpacks to more than {LARGEST_STREAM // 1024**3} GB: refused.")
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            raise SourceError(f"{name} is not in UTF-8.") from error
        if text:
            yield text


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number of JSON.")
