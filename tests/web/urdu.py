"""What a page in Urdu leaves in English."""

import re

import html5lib

LATIN = re.compile(r"[A-Za-z]{2,}")
ARABIC = re.compile(r"[\u0600-\u06ff]")
# Names of programs and formats, which have no other.
NAMES = re.compile(
    r"GOV\.UK( Frontend)?|Leaflet(\.markercluster)?|leaflet\.fullscreen|Open Referral( UK)?|GeoJSON"
    r"|GeoPackage|GeoParquet|OpenRefine|QGIS|API|datapackage\.json"
    r"|JSON|CSV|XLSX|PDF|PNG|JPEG|WebP|GIF|SVG|ICS"
)
SHOWN = ("aria-label", "alt", "title", "placeholder")


def children(element):
    return [child for child in element if isinstance(child.tag, str)]


def untranslated(element, own=False):
    """The Latin words of a page that are not marked as another language's or as what somebody typed."""
    own = own or element.tag == "bdi" or element.get("lang", "ur") != "ur"
    if element.tag in ("script", "style", "textarea") or own:
        texts = []
    else:
        # Nothing inside an attribute can be marked: there it is enough that the sentence is in Urdu.
        said = [text for name in SHOWN if not ARABIC.search(text := element.get(name, ""))]
        texts = [element.text or "", *said]
    found = [text.strip() for text in texts if LATIN.search(NAMES.sub("", text))]
    for child in children(element):
        found += untranslated(child, own)
        if not own and LATIN.search(NAMES.sub("", child.tail or "")):
            found.append(child.tail.strip())
    return found


def body_of(response):
    page = html5lib.parse(response.get_data(as_text=True), namespaceHTMLElements=False)
    return page, page.find("body")


def unsaid(response, address):
    """What a page in Urdu leaves in English, and where."""
    page, body = body_of(response)
    assert (page.get("lang"), page.get("dir")) == ("ur", "rtl"), address
    assert response.headers["Content-Language"] == "ur"
    return dict.fromkeys(untranslated(body), address)


class UrduReader:
    """Somebody who reads pages in Urdu, and notes in `left` what is not.

    A form answers with `moved` and leads on to a page under `lead`, through so many steps at most.
    """

    def __init__(self, client, lead="/ur/", moved=302, steps=1):
        self.client, self.lead, self.moved, self.steps, self.left = client, lead, moved, steps, {}

    def see(self, path, **sent):
        """Open a page, or send a form to it, and read what comes of it."""
        answer = self.client.post(path, data=sent) if sent else self.client.get(path)
        for _ in range(self.steps):
            if answer.status_code == self.moved:
                path = answer.headers["Location"]
                assert path.startswith(self.lead), path
                answer = self.client.get(path)
        self.left |= unsaid(answer, f"{path} with {sent}")
        return answer.get_data(as_text=True)
