"""Files to send: honest ones, and those that somebody would send to do harm."""

import io
import struct
import zlib

from fpdf import FPDF
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def picture(kind="PNG", size=(64, 48), **facts):
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(buffer, kind, **facts)
    return buffer.getvalue()


def picture_with_notes():
    """A photograph that says where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "14 Rosebriar Lane", "Ada Birtwhistle"
    return picture("JPEG", exif=exif, comment=b"Rosebriar")


def picture_with_text():
    """A PNG with a hidden text."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script> Rosebriar")
    return picture("PNG", pnginfo=info)


def huge_picture(width=60_000, height=60_000):
    """A PNG of a few bytes that says it has billions of pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    )


def many_frames():
    """A GIF of many frames."""
    frames = [Image.new("P", (64, 64), colour) for colour in range(40)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def paper(*pages, link=None):
    """A PDF with a line of text on each page."""
    drawing = FPDF()
    drawing.set_author("Ada Birtwhistle")
    drawing.set_font("Helvetica", size=12)
    for text in pages or ("Come and see us",):
        drawing.add_page()
        drawing.cell(text=text, link=link or "")
    return bytes(drawing.output())


def harmful_paper():
    """A PDF that runs scripts, starts programs, carries a file and a form, and links elsewhere."""
    writer = PdfWriter(
        clone_from=PdfReader(io.BytesIO(paper("Harmless words", link="https://evil.example/")))
    )
    writer.add_attachment("evil.exe", b"MZ evil-program")
    launch = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("evil.exe")}
    )
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("evil-script")}
    )
    writer._root_object[NameObject("/OpenAction")] = launch
    writer._root_object[NameObject("/AA")] = DictionaryObject({NameObject("/WC"): script})
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): launch})
    page["/Resources"][NameObject("/Metadata")] = TextStringObject("evilnotes")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def stamped_paper(text):
    """A PDF whose words stand in a part that its page draws."""
    from pypdf.generic import StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper(text))))
    page = writer.pages[0]
    stamp = StreamObject()
    stamp.set_data(page.get_contents().get_data())
    stamp[NameObject("/Type")], stamp[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    stamp[NameObject("/BBox")], stamp[NameObject("/Resources")] = page["/MediaBox"], page["/Resources"]
    content = StreamObject()
    content.set_data(b"/Stamp Do")
    page[NameObject("/Contents")] = writer._add_object(content)
    named = DictionaryObject({NameObject("/Stamp"): writer._add_object(stamp)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def nested_paper(levels=30):
    """A small PDF whose drawing calls itself twice at each of many levels: it would never end."""
    from pypdf.generic import StreamObject

    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    below = None
    for _ in range(levels):
        form = StreamObject()
        form.set_data(b"/X Do /X Do" if below is not None else b"BT ET")
        form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
        if below is not None:
            inner = DictionaryObject({NameObject("/X"): below})
            form[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): inner})
        below = writer._add_object(form)
    content = StreamObject()
    content.set_data(b"/X Do /X Do")
    page[NameObject("/Contents")] = writer._add_object(content)
    inner = DictionaryObject({NameObject("/X"): below})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): inner})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def bomb_paper(size=60 * 1024 * 1024):
    """A small PDF of which one page unpacks to very much."""
    packed = zlib.compress(b"0 0 m " * (size // 6), 9)
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    head += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    head += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>endobj\n"
    head += (
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream endobj\n"
    )
    return head + b"trailer<</Root 1 0 R>>\n%%EOF"
