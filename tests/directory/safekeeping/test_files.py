"""Files of strangers are made anew from what they show, or refused."""

import io
import zipfile

import pytest
from PIL import Image
from pypdf import PdfReader

from directory.safekeeping import remake as remaking
from directory.safekeeping.papers import MOST_PAGES, remake_pdf
from directory.safekeeping.pictures import LARGEST_SIDE, RefusedError, remake_picture
from directory.safekeeping.remake import remake
from tests.directory.safekeeping.files import (
    bomb_paper,
    harmful_paper,
    huge_picture,
    many_frames,
    nested_paper,
    paper,
    picture,
    picture_with_notes,
    picture_with_text,
    stamped_paper,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(document.cookie)</script>"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_pictures_of_each_kind_come_out_as_png(kind):
    made, content_type = remake_picture(picture(kind))
    assert content_type == "image/png"
    with Image.open(io.BytesIO(made)) as shown:
        assert (shown.format, shown.size) == ("PNG", (64, 48))


def test_a_large_picture_comes_out_smaller_and_keeps_its_shape():
    made, _ = remake_picture(picture("JPEG", (3000, 1500)))
    with Image.open(io.BytesIO(made)) as shown:
        assert shown.size == (LARGEST_SIDE, LARGEST_SIDE // 2)


def test_a_photograph_comes_out_as_webp():
    noise = Image.effect_noise((900, 900), 90).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    made, content_type = remake_picture(buffer.getvalue())
    assert content_type == "image/webp"
    assert len(made) < len(buffer.getvalue())


def test_what_is_clear_stays_clear():
    buffer = io.BytesIO()
    Image.new("RGBA", (32, 32), (0, 0, 0, 0)).save(buffer, "PNG")
    with Image.open(io.BytesIO(remake_picture(buffer.getvalue())[0])) as shown:
        assert shown.getpixel((3, 3))[3] == 0


@pytest.mark.parametrize("sent", [picture_with_notes, picture_with_text])
def test_nothing_but_the_picture_is_kept(sent):
    assert b"Rosebriar" in sent()
    made, _ = remake_picture(sent())
    assert b"Rosebriar" not in made
    with Image.open(io.BytesIO(made)) as shown:
        assert dict(shown.getexif()) == {}
        assert not hasattr(shown, "text") or shown.text == {}


@pytest.mark.parametrize("tail", [HTML, b"<?php system('id') ?>", SVG])
def test_what_is_hung_on_to_a_picture_is_not_kept(tail):
    made, _ = remake_picture(picture("GIF") + tail)
    assert tail[:20] not in made


def test_a_picture_that_is_a_zip_as_well_is_no_zip_any_more():
    buffer = io.BytesIO(picture("JPEG"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("evil.html", HTML)
    assert zipfile.is_zipfile(io.BytesIO(buffer.getvalue()))
    assert not zipfile.is_zipfile(io.BytesIO(remake_picture(buffer.getvalue())[0]))


def test_of_a_moving_picture_the_first_frame_is_kept():
    with Image.open(io.BytesIO(remake_picture(many_frames())[0])) as shown:
        assert getattr(shown, "n_frames", 1) == 1


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        HTML,
        b"",
        b"GIF89a" + HTML,
        b"%!PS-Adobe-3.0 EPSF-3.0\n(id) run",
        picture("BMP"),
        picture("TIFF"),
        picture("PNG")[:60],
        paper(),
        b"MZ" + bytes(500),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(data):
    with pytest.raises(RefusedError):
        remake_picture(data)


def test_a_picture_that_says_it_is_enormous_is_refused_before_it_is_unpacked():
    with pytest.raises(RefusedError, match=r"pixels|picture"):
        remake_picture(huge_picture())
    with pytest.raises(RefusedError, match="5200 by 5200 pixels"):
        remake_picture(huge_picture(5_200, 5_200))
    with pytest.raises(RefusedError, match="smaller than"):
        remake_picture(picture(size=(3, 300)))


def test_the_pages_of_a_document_stay():
    made, text = remake_pdf(paper("First words", "Second words"))
    pages = PdfReader(io.BytesIO(made)).pages
    assert [page.extract_text().strip() for page in pages] == ["First words", "Second words"]
    assert "First words" in text


def test_nothing_that_acts_or_is_carried_along_stays():
    sent = harmful_paper()
    for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/Annots", b"evilnotes"):
        assert word in sent
    made, _ = remake_pdf(sent)
    for word in (
        b"/JavaScript",
        b"/JS",
        b"/Launch",
        b"/EmbeddedFile",
        b"/AA",
        b"/OpenAction",
        b"/Annots",
        b"evil",
    ):
        assert word not in made
    assert "Harmless words" in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_who_wrote_a_document_is_not_kept():
    assert b"Birtwhistle" in paper()
    assert b"Birtwhistle" not in remake_pdf(paper())[0]


@pytest.mark.parametrize(
    "data",
    [
        HTML,
        picture(),
        b"%PDF-1.7\n" + bytes(100),
        b"%PDF-1.7\n" + HTML,
        b"PK\x03\x04" + bytes(50),
        paper()[:300],
    ],
)
def test_what_is_no_document_is_refused(data):
    with pytest.raises(RefusedError):
        remake_pdf(data)


def test_a_document_that_is_a_page_of_html_as_well_is_none_any_more():
    made, _ = remake_pdf(b"\n" + paper() + HTML)
    assert made.startswith(b"%PDF-")
    assert b"<script>" not in made


def test_too_many_pages_are_refused():
    with pytest.raises(RefusedError, match=f"1 to {MOST_PAGES}"):
        remake_pdf(paper(*["x"] * (MOST_PAGES + 1)))


def test_a_page_that_unpacks_to_very_much_is_refused():
    assert len(bomb_paper()) < 200_000
    with pytest.raises(RefusedError):
        remake("document", bomb_paper())


def test_a_drawing_that_calls_itself_without_end_comes_to_an_end():
    """Read twice at each of thirty levels, it would take years."""
    assert remake("document", nested_paper())[1] == "application/pdf"


def test_what_takes_too_long_to_read_is_stopped(monkeypatch):
    monkeypatch.setattr(remaking, "SECONDS", 0.001)
    with pytest.raises(RefusedError, match="too long"):
        remake("document", paper())


def test_words_in_a_part_that_is_drawn_again_and_again_are_read():
    assert "14 Rosebriar Lane" in remake_pdf(stamped_paper("14 Rosebriar Lane"))[1]


def test_the_process_that_reads_gives_back_what_it_made():
    made, content_type, text = remake("logo", picture("JPEG"))
    assert (content_type, text, made[:4]) == ("image/png", "", b"\x89PNG")
    made, content_type, text = remake("document", paper("Come in"))
    assert (content_type, text.strip(), made[:5]) == ("application/pdf", "Come in", b"%PDF-")
    with pytest.raises(RefusedError, match="SVG is not taken"):
        remake("logo", SVG)
