"""A test client that looks at every response: valid HTML, safe headers, not too many queries."""

from __future__ import annotations

import gzip
import re
from typing import Any

import html5lib
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.search.columns.snapshot import current
from tests.unmeasured import unmeasured

MOST_QUERIES = 30
# To write a whole record with its public copy takes more: each of its parts is a row of some table. What
# writes and then leads to a page is no page, and may write several records.
MOST_QUERIES_WHEN_WRITING = 150
# A report to print holds what several pages hold.
MOST_QUERIES_OF_A_REPORT = 60
NEW_EACH_TIME = re.compile(r'(?<= nonce=")[\w-]+(?=")|(?<= name="csrf_token" value=")[\w.-]+(?=")')
SOUND: set[int] = set()
# A preview publishes within a savepoint, and takes it back.
WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT")


class CheckedClient(FlaskClient):
    """Fails the test that got a page which breaks a rule of every page."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request, count its queries, and check what comes back."""
        engine = self.application.extensions["engine"]
        with Session(engine) as session:
            # A process reads what was published once, and no page does: that is not counted for any page.
            current(session)
        statements: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        try:
            response = super().open(*args, **kwargs)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        writes = any(statement.startswith(WRITES) for statement in statements)
        most = MOST_QUERIES_WHEN_WRITING if writes else MOST_QUERIES
        if response.content_type == "application/pdf":
            most = max(most, MOST_QUERIES_OF_A_REPORT)
        leads_on = writes and response.status_code in (302, 303)
        assert leads_on or len(statements) <= most, f"{len(statements)} queries:\n" + "\n".join(statements)
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        # The pages are the same on PostgreSQL, and to read each twice takes minutes.
        if response.mimetype == "text/html" and response.data and engine.dialect.name == "sqlite":
            packed = response.headers.get("Content-Encoding") == "gzip"
            page = (gzip.decompress(response.data) if packed else response.data).decode()
            # Many tests get the same page: from one that was sound, it differs in what is new each time.
            known = hash(NEW_EACH_TIME.sub("", page))
            if known not in SOUND:
                with unmeasured():
                    check_html(page)
                SOUND.add(known)
        return response


def check_html(page: str) -> None:
    """Fail unless a page is valid, has one main heading, and no script or style that a policy would stop."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert len(document.findall(".//h1")) == 1
    for element in document.iter():
        assert not any(str(name).startswith("on") or name == "style" for name in element.attrib), (
            element.attrib
        )
    for form in document.findall(".//form"):
        carried = {field.attrib.get("name") for field in form.iter("input")}
        assert form.attrib.get("method") != "post" or "csrf_token" in carried, form.attrib
    identifiers = [element.attrib["id"] for element in document.iter() if "id" in element.attrib]
    assert len(identifiers) == len(set(identifiers)), "an id is given twice"
