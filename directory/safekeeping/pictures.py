"""Make a picture anew from what it shows: of the file that was sent, nothing else is kept."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from directory.languages import gettext, say_number

# What is tried, and nothing else: some of the many formats that the library reads run programs.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_PIXELS = 25_000_000
LARGEST_SIDE = 800
SMALLEST_SIDE = 16
# A drawing is smaller as PNG, a photograph as WebP.
LARGEST_PNG = 300_000


class RefusedError(ValueError):
    """A file that is not taken; the message says why and what to do."""


def remake_picture(data: bytes) -> tuple[bytes, str]:
    """The first frame of a picture, of at most 800 pixels a side, as PNG or WebP, with its content type."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            shown = _pixels(data)
    except RefusedError:
        raise
    except Image.DecompressionBombError as error:
        raise RefusedError(
            gettext(
                "The picture has more than %(most)s pixels. Make it smaller.", most=say_number(MOST_PIXELS)
            )
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, EOFError, IndexError) as error:
        raise RefusedError(
            gettext(
                "This is not a picture that can be read. "
                "Send a PNG, JPEG, WebP or GIF file; SVG is not taken."
            )
        ) from error
    buffer = io.BytesIO()
    shown.save(buffer, "PNG", optimize=True)
    if buffer.tell() <= LARGEST_PNG:
        return buffer.getvalue(), "image/png"
    buffer = io.BytesIO()
    shown.save(buffer, "WEBP", quality=85, method=4)
    return buffer.getvalue(), "image/webp"


def _pixels(data: bytes) -> Image.Image:
    """What the picture shows, and no more: turned as it says, without its notes, colours in plain RGB."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as sent:
        width, height = sent.size
        if width * height > MOST_PIXELS:
            raise RefusedError(
                gettext(
                    "The picture has %(width)s by %(height)s pixels; %(most)s are the most. Make it smaller.",
                    width=width,
                    height=height,
                    most=say_number(MOST_PIXELS),
                )
            )
        if min(width, height) < SMALLEST_SIDE:
            raise RefusedError(
                gettext(
                    "The picture is smaller than %(least)s pixels. Send a larger one.", least=SMALLEST_SIDE
                )
            )
        sent.seek(0)
        turned = ImageOps.exif_transpose(sent)
        plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    made = Image.new(plain.mode, plain.size)
    made.paste(plain)
    return made
