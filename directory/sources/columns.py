"""The columns of the mapping spreadsheet: what a person sees, and the other words people use for them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from directory.sources.entry import PROBLEM
from directory.sources.identity import normalise

EXAMPLE = "Example:"


@dataclass(frozen=True)
class Column:
    """One column of the template. Synonyms are separated by bars."""

    key: str
    heading: str
    synonyms: str
    note: str
    examples: tuple[str, str] = ("", "")
    required: bool = False


COLUMNS = (
    Column(
        "organisation",
        "Organisation name",
        "organisation|organization|organization name|name|name of organisation|name of group|group|group name"
        "|provider|provider name|org|org name|organisation group",
        "Needed in every row. Repeat it for each service of the same organisation.",
        (f"{EXAMPLE} Lantern Youth Project", f"{EXAMPLE} Canal Street Chapel"),
        True,
    ),
    Column(
        "kind",
        "Kind of organisation",
        "kind|type|organisation type|type of organisation|organisation kind|sector",
        "One of the words on the second sheet.",
        ("Voluntary organisation", "Faith organisation"),
    ),
    Column("faith", "Faith tradition", "faith|tradition|religion|denomination", "", ("", "Christian")),
    Column(
        "charity_number",
        "Charity number",
        "charity no|registered charity number|registered charity no|charity registration number|charity",
        "",
    ),
    Column("company_number", "Company number", "company no|companies house number|company|crn", ""),
    Column(
        "org_id",
        "Organisation identifier",
        "org id|organisation id|organization identifier|orgid",
        "A number in another register, such as GB-CASC-3fece4b0.",
    ),
    Column(
        "website",
        "Organisation website",
        "website|web|web site|url|web address|organisation url|homepage",
        "",
        ("https://lantern.example", ""),
    ),
    Column(
        "email",
        "Organisation email",
        "email|e mail|email address|organisation e mail|general email",
        "An address that anybody may see.",
        ("hello@lantern.example", ""),
    ),
    Column(
        "phone",
        "Organisation telephone",
        "telephone|phone|tel|phone number|telephone number|organisation phone|tel no",
        "A number that anybody may see.",
        ("0121 496 0101", ""),
    ),
    Column(
        "service",
        "Service name",
        "service|project|project name|activity|programme|name of service",
        "If it is blank, the organisation's name.",
        ("Friday Studio", "Homework Hall"),
    ),
    Column(
        "description",
        "What it does",
        "description|what they do|what you do|about|summary|details|what does it do"
        "|service description|offer",
        "Two or three plain sentences.",
        ("Music making with a youth worker.", "A quiet room, help with homework and a hot meal."),
    ),
    Column("service_website", "Service website", "service url|service web page|link|service link", ""),
    Column(
        "category",
        "Category",
        "categories|type of work|intervention|type of intervention|type of service|theme|themes",
        "One or more of the words on the second sheet, with semicolons between them.",
        ("Media and arts; Mentoring", "Youth facilities"),
        True,
    ),
    Column(
        "groups",
        "Who it is for",
        "groups|target group|client group|who for|audience|beneficiaries|who is it for|group worked with",
        "Groups of young people, with semicolons between them.",
        ("Excluded from school", ""),
    ),
    Column("minimum_age", "Youngest age", "minimum age|min age|age from|from age|lowest age", ""),
    Column("maximum_age", "Oldest age", "maximum age|max age|age to|to age|highest age", ""),
    Column(
        "ages",
        "Ages",
        "age|age range|age group|age groups|ages served",
        "Instead of the two before: 11 to 18, under 16s, 16+, adults, all ages.",
        ("11 to 18", "under 16s"),
    ),
    Column("gender", "Gender", "genders|sex|for girls or boys", "", ("Everyone", "Everyone")),
    Column(
        "referral",
        "How to get a place",
        "referral|referrals|referral route|access|how to access|how to refer|how to join|referral process",
        "",
        ("Refer yourself", "Anyone can come"),
    ),
    Column(
        "cost",
        "Cost",
        "price|fee|fees|costs|charge|charges|how much",
        "Free, or a price such as £2 a session.",
        ("Free", "£2 a session"),
    ),
    Column(
        "opening_hours",
        "Opening hours",
        "hours|opening times|times|when|open|days and times|sessions|session times|timetable",
        "For example: Mon-Fri 9am-5pm; first Sat of month 10-1.",
        ("Fri 5pm-9pm", "Mon-Thu 3.30pm-6pm"),
    ),
    Column("venue", "Venue name", "venue|building|premises|location name|location|place", ""),
    Column(
        "address",
        "Address",
        "street address|venue address|street|address line 1|address 1|full address",
        "The place where it happens, not where post goes.",
        ("1 Example Road", "2 Example Street"),
    ),
    Column("town", "Town", "city|town or city|town city|area town", "", ("Birmingham", "Walsall")),
    Column(
        "postcode", "Postcode", "post code|venue postcode|zip|postal code|pcode", "", ("ZZ1 1ZZ", "ZZ2 2ZZ")
    ),
    Column("latitude", "Latitude", "lat|y lat", "Leave it blank if there is a postcode."),
    Column("longitude", "Longitude", "lon|lng|long|x lon", ""),
    Column(
        "private",
        "Address is private",
        "private|private address|confidential address|hide address|address private",
        "yes: never shown. approximate: only the district. no: shown.",
        ("no", "no"),
    ),
    Column(
        "area",
        "Area served",
        "areas served|area covered|areas covered|catchment|coverage|areas|geography|wards served",
        "Names or official codes of areas, with semicolons between them.",
        ("Lozells; Newtown", ""),
    ),
    Column(
        "languages", "Languages", "language|languages spoken|community languages", "", ("English; Urdu", "")
    ),
    Column(
        "accessibility",
        "Accessibility",
        "disabled access|access needs|accessible|building access",
        "",
        ("Step-free; Hearing loop", ""),
    ),
    Column("networks", "Networks", "network|member of|membership|partnerships", ""),
    Column(
        "contact_name",
        "Contact name",
        "contact|contact person|named contact|main contact|lead|lead contact|key contact",
        "A person. Shown only with consent.",
        ("A. Person", ""),
    ),
    Column("contact_role", "Contact role", "role|job title|position|contact title", "", ("Project lead", "")),
    Column("contact_email", "Contact email", "contact e mail|contact email address", ""),
    Column(
        "contact_phone",
        "Contact telephone",
        "contact phone|contact number|contact tel|contact mobile|mobile|contact phone number",
        "",
    ),
    Column(
        "contact_consent",
        "May we publish the contact?",
        "may we publish the contact|consent|consent to publish|publish contact|contact consent|gdpr consent",
        "yes and the date they said so, such as yes 3/11/2025; or no.",
        ("no", ""),
    ),
    Column("funding", "Funding", "funder|funders|funded by|funding source", ""),
    Column(
        "last_checked",
        "Last checked",
        "checked|date checked|last updated|updated|date|date of contact|last verified|last contacted",
        "When somebody last made sure of this row, such as 3/11/2025.",
        ("3/11/2025", "Nov 2025"),
    ),
    Column(
        "notes", "Notes", "note|comments|internal notes|comment|other information", "Kept, and never shown."
    ),
    Column(
        "status", "Status", "active|service status|open or closed", "active, inactive or temporarily closed."
    ),
)

BY_KEY = {column.key: column for column in COLUMNS}
_LONGEST_HEADING = 200
_BRACKETS = re.compile(r"\([^)]*\)")
# Words to the column and to how sure they are: the heading itself first, then the synonyms in their order.
_BY_WORDS = {
    normalise(words): (column.key, rank)
    for column in COLUMNS
    for rank, words in reversed([*enumerate((column.heading, *column.synonyms.split("|")))])
}


def key_of_heading(heading: str) -> tuple[str, int] | None:
    """The column of the template that a heading means, and how sure that is (0 is surest), or None.

    Case, marks and words in brackets do not count.
    """
    if len(heading) > _LONGEST_HEADING:
        return None
    return _BY_WORDS.get(normalise(heading)) or _BY_WORDS.get(normalise(_BRACKETS.sub(" ", heading)))


def is_problem_heading(heading: str) -> bool:
    """Whether a column is the one that the file of rejected rows adds."""
    return normalise(heading) == normalise(PROBLEM)
