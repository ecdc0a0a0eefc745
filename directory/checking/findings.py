"""What was found wrong with a feed: each kind of fault once, with where it stands and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MOST_EXAMPLES = 5
ERROR, EXTRA, WARNING = "error", "extra", "warning"

# What to do about each kind of fault.
REMEDIES = {
    "answer": "Make the address answer with status 200 to a plain GET without a key.",
    "redirect": "Give the address itself, or redirect once, and only to an address that everybody can reach.",
    "size": "Answer in smaller pages.",
    "time": "Answer faster, or in smaller pages.",
    "json": "Send JSON in UTF-8, without NaN or Infinity.",
    "content-type": "Send the header Content-Type: application/json.",
    "cors": "Send the header Access-Control-Allow-Origin: *, so that pages elsewhere can read the feed.",
    "endpoint": "Offer this address: the profile names it.",
    "details": "Answer the base address with version, profile and openapi_url.",
    "page-shape": "Send contents with total_items, total_pages, page_number, size and the three flags.",
    "total": "Send the same total_items and total_pages on every page, and the number that there really is.",
    "size-asked": "Send as many things as per_page asks for on every page but the last.",
    "size-there": "Send in size the number of things in contents.",
    "first-page": "Set first_page on the first page and on no other.",
    "last-page": "Set last_page on the last page and on no other.",
    "page-number": "Send in page_number the number that was asked for.",
    "empty": "Set empty where nothing was found, and nowhere else.",
    "more-pages": "Read the rest with a higher --pages.",
    "id-twice": "Give each thing an identifier of its own, on one page only: put lists in a fixed order.",
    "id-resolves": "Answer the address of each identifier with that very thing.",
    "required": "Give this field: the profile needs it.",
    "null": "Leave the field out where there is nothing to say.",
    "type": "Write the value as the profile has it.",
    "choice": "Use one of the values that the profile allows.",
    "extra-field": "Move the field into attributes with a taxonomy term: the profile does not name it.",
    "uuid": "Make it a UUID, such as 3f7b145d-84af-42d7-8fae-eaca714b02b2.",
    "uri": "Give the whole address, with https:// and a host, and with spaces and accents encoded.",
    "email": "Give an e-mail address, such as help@example.org.",
    "moment": "Give date, time and zone, such as 2026-11-03T09:30:00.000Z.",
    "off-earth": "Give degrees in WGS 84: latitude from -90 to 90, longitude from -180 to 180.",
    "swapped": "Put the northern number into latitude and the other into longitude.",
    "in-sea": "Give the point of the place: this one is in the sea or abroad.",
    "half-point": "Give both latitude and longitude, or neither.",
    "ages": "Give a minimum_age that is not above the maximum_age, both from 0 to 150.",
    "closes-before": "Give a time to close that is after the time to open; split what goes past midnight.",
    "time-of-day": "Write times as 09:30.",
    "byday": "Write days as MO,TU or, in a month, 1SA or -1FR.",
    "bymonthday": "Write days of the month as 1,15 or -1.",
    "date": "Write dates as 2026-11-03, and give days that there are.",
    "dates-order": "Give an end that is not before the beginning.",
    "amount": "Give an amount in pounds that is not below 0.",
    "no-taxonomy": "Say in taxonomy or taxonomy_id which taxonomy the term is of.",
    "link-dead": "Correct the link, or leave it out.",
}
SEVERITIES = {"extra-field": EXTRA, "link-dead": WARNING, "more-pages": WARNING, "endpoint": WARNING}


@dataclass(frozen=True)
class Finding:
    """One fault: its kind, the JSON path, what is wrong, and in which answer."""

    rule: str
    path: str
    message: str
    where: str = ""


@dataclass
class Group:
    """All faults of one kind in one field."""

    rule: str
    path: str
    severity: str
    count: int = 0
    examples: list[Finding] = field(default_factory=list)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.rule]


class Report:
    """What was read and what was found, in little memory however much it is."""

    def __init__(self, subject: str, *, strict: bool) -> None:
        self.subject, self.strict = subject, strict
        self.counts: dict[str, int] = {}
        self._groups: dict[tuple[str, str], Group] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """Take in what was found."""
        for finding in findings:
            place = re.sub(r"\[\d+\]", "[*]", finding.path)
            severity = SEVERITIES.get(finding.rule, ERROR)
            if severity == EXTRA:
                severity = ERROR if self.strict else WARNING
            group = self._groups.setdefault((finding.rule, place), Group(finding.rule, place, severity))
            group.count += 1
            if len(group.examples) < MOST_EXAMPLES:
                group.examples.append(finding)

    def counted(self, what: str, number: int = 1) -> None:
        """Count something that was read."""
        self.counts[what] = self.counts.get(what, 0) + number

    @property
    def groups(self) -> list[Group]:
        """The faults, the errors first, then the most frequent."""
        return sorted(self._groups.values(), key=lambda one: (one.severity != ERROR, -one.count, one.path))

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(group.count for group in self._groups.values() if group.severity == ERROR)

    @property
    def warnings(self) -> int:
        """How many things are worth a look."""
        return sum(group.count for group in self._groups.values() if group.severity == WARNING)

    @property
    def passed(self) -> bool:
        """Whether the feed is as the standard says."""
        return not self.errors

    def lines(self) -> Iterator[str]:
        """The report as plain text."""
        verdict = "passes" if self.passed else "does not pass"
        read = ", ".join(f"{number} {what}" for what, number in self.counts.items()) or "nothing"
        yield f"{self.subject}: {verdict}{' (strict)' if self.strict else ''}."
        yield f"Read: {read}. Errors: {self.errors}. Warnings: {self.warnings}."
        for group in self.groups:
            times = "once" if group.count == 1 else f"{group.count} times"
            yield f"{group.severity.upper()} {group.rule} at {group.path}, {times}. {group.remedy}"
            for one in group.examples:
                yield f"    {one.path}: {one.message}" + (f" ({one.where})" if one.where else "")

    def document(self) -> dict[str, object]:
        """The report as a document."""
        return {
            "subject": self.subject,
            "strict": self.strict,
            "passed": self.passed,
            "errors": self.errors,
            "warnings": self.warnings,
            "read": self.counts,
            "findings": [
                {
                    "rule": group.rule,
                    "severity": group.severity,
                    "path": group.path,
                    "count": group.count,
                    "remedy": group.remedy,
                    "examples": [
                        {"path": one.path, "message": one.message, "where": one.where}
                        for one in group.examples
                    ],
                }
                for group in self.groups
            ],
        }
