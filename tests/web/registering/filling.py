"""Fill in the form as a browser without JavaScript does."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

START = {"name": "Lantern Youth Project", "postal_code": "B19 2TH", "email": "ann@lantern.org.uk"}
IDENTITY = {"name": "Lantern Youth Project", "kind": "voluntary", "faith": "", "description": "Music"}
WHAT = {"name": "Friday Studio", "category": "arts", "status": "active", "description": "Make a track"}
PLACE = {
    "address_1": "1 Canal Street",
    "postal_code": "B19 2TH",
    "protection": "open",
    "point_from": "postcode",
}


@dataclass
class Form:
    """A draft in a browser."""

    client: FlaskClient
    address: str

    @classmethod
    def begin(cls, client: FlaskClient, **answers: str) -> Form:
        """Begin a draft."""
        response = client.post("/register", data={**START, **answers})
        assert response.status_code == 303, response.get_data(as_text=True)
        return cls(client, response.location.partition("?")[0])

    def tasks(self) -> str:
        """The list of what to fill in."""
        return self.client.get(self.address).get_data(as_text=True)

    def of(self, title: str) -> str:
        """The address of the page with a title, as the list links to it."""
        links = re.findall(r'href="([^"]+/page\?[^"]+)"[^>]*>([^<]+)<', self.tasks())
        return html.unescape(next(href for href, words in links if html.unescape(words).startswith(title)))

    def show(self, title: str) -> str:
        """A page."""
        return self.client.get(self.of(title)).get_data(as_text=True)

    def save(self, title: str, answers: dict[str, Any], *, marked: bool = True) -> TestResponse:
        """Save a page, with the mark that it came with."""
        address = self.of(title)
        mark = re.search(r'name="mark" value="(\w+)"', self.client.get(address).get_data(as_text=True))
        assert mark is not None
        return self.client.post(address, data={**answers, **({"mark": mark[1]} if marked else {})})

    def fill_in(self, **place: str) -> None:
        """Fill in all that is needed."""
        for title, answers in (
            ("Who you are", IDENTITY),
            ("What it is", WHAT),
            ("How people meet you", {"ways": "place"}),
            ("Where it is", {**PLACE, **place}),
        ):
            response = self.save(title, answers)
            assert response.status_code == 303, response.get_data(as_text=True)

    def send(self) -> TestResponse:
        """Send it in."""
        return self.client.post(f"{self.address}/send", data={"agreed": "yes"})
