"""Letters: one text, from which the HTML is made, and headers of one line."""

from directory.letters import write
from directory.letters.write import Letter, one_line, render_letter, write_letter


def test_html_says_what_the_text_says(tmp_path, monkeypatch):
    from jinja2 import DictLoader, Environment

    layout = (write._environment.loader.get_source(write._environment, "layout.html"))[0]
    letter = (
        "Subject: Hello {{ name }}\n\nDear {{ name }},\n\n- one\n- two\n\nhttps://example.org/x?a=1&b=2\n"
    )
    made = Environment(
        loader=DictLoader({"test.txt": letter, "layout.html": layout}),
        autoescape=write.select_autoescape(["html"]),
    )
    monkeypatch.setattr(write, "_environment", made)
    subject, text, html = render_letter("test", {"name": "<b>Ann</b>\nBcc: x@example.org"})
    assert subject == "Hello <b>Ann</b>"
    assert "<b>" in text
    assert "<b>" not in html
    assert "&lt;b&gt;Ann" in html
    assert "<li>one</li>" in html
    assert 'href="https://example.org/x?a=1&amp;b=2"' in html


def test_a_header_has_one_line():
    assert one_line("Hello\r\nBcc: everybody@example.org\u2028x") == "Hello Bcc: everybody@example.org x"


def test_a_letter_with_a_key_is_written_once(draft, monkeypatch):
    monkeypatch.setattr(write, "render_letter", lambda template, values: ("S", "T", "H"))
    letter = Letter("a@example.org", "any", {}, key="welcome a")
    assert write_letter(draft, letter) is not None
    assert write_letter(draft, letter) is None
