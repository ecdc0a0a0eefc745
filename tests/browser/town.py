"""The site with a mail server of its own, and the letters that it sends."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

from directory.cli.group import commands
from tests.conftest import ROOT

# Outside git: pictures to be looked at after a run.
PICTURES = ROOT / "screenshots"


class Town:
    """The site with its mail server, and what people do in it."""

    def __init__(self, app, url, postman):
        self.app, self.url, self.postman, self.read = app, url, postman, 0

    def run(self, *words):
        """Run one of our commands."""
        result = self.app.test_cli_runner().invoke(commands, list(words))
        assert result.exit_code == 0, result.output
        return result.output

    def post(self):
        """Send what waits; the new letters, each with whom it is to and its link."""
        self.run("send-mail")
        new, self.read = self.postman.taken[self.read :], len(self.postman.taken)
        letters = {}
        for envelope in new:
            message = message_from_bytes(envelope.content, policy=policy.default)
            text = message.get_body(("plain",)).get_content()
            assert message.get_body(("html",)) is not None
            letters[envelope.rcpt_tos[0], message["Subject"]] = re.findall(r"http://\S+", text)
        return letters


def shot(page, name):
    """Keep a picture of a whole page, which does not scroll sideways."""
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def link(letters, recipient, words):
    """The first link of the letter to somebody whose subject has some words."""
    return next(links[0] for (to, subject), links in letters.items() if to == recipient and words in subject)
