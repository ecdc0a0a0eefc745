"""Whether a host lets programs look at its pages: its robots.txt (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from directory.upkeep.addresses import NotAllowedError
from directory.upkeep.exchanging import MOST_REDIRECTS, USER_AGENT, Network, exchange, redirected

LONGEST_DELAY = 30.0


class UnclearError(Exception):
    """A robots.txt that cannot be read just now: until it can, its host is left alone."""


@dataclass
class Robots:
    """The rules of the hosts that were asked, each once in a run."""

    network: Network
    rules: dict[str, RobotFileParser | UnclearError] = field(default_factory=dict)

    def allow(self, url: str) -> bool:
        """Whether we may look at an address. Raises UnclearError, NoAnswerError or NotAllowedError."""
        return self._rules(url).can_fetch(USER_AGENT, url)

    def delay(self, url: str) -> float:
        """How many seconds a host asks for between two questions, as far as that is bearable."""
        known = self.rules.get(_host(url))
        asked = known.crawl_delay(USER_AGENT) if isinstance(known, RobotFileParser) else None
        return min(float(asked or 0), LONGEST_DELAY)

    def is_known(self, url: str) -> bool:
        """Whether the host of an address was asked for its rules already."""
        return _host(url) in self.rules

    def _rules(self, url: str) -> RobotFileParser:
        host = _host(url)
        if host not in self.rules:
            try:
                self.rules[host] = self._read(f"{host}/robots.txt")
            except UnclearError as error:
                self.rules[host] = error
        rules = self.rules[host]
        if isinstance(rules, UnclearError):
            raise rules
        return rules

    def _read(self, url: str) -> RobotFileParser:
        parser = RobotFileParser()
        for _ in range(MOST_REDIRECTS + 1):
            reply = exchange(self.network, "GET", url)
            further = redirected(url, reply)
            if further is None:
                break
            url = further
        if reply.status >= 500 or reply.status == 429:
            raise UnclearError(f"Its robots.txt answered {reply.status}.")
        text = reply.content.decode("utf-8", errors="replace") if reply.status == 200 else ""
        # Without rules everything is allowed.
        parser.parse(text.splitlines())
        return parser


def _host(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname:
        raise NotAllowedError("It is no web address.")
    return f"{parts.scheme}://{parts.netloc}"
