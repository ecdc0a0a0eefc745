"""What may be asked of the open data. The description for programs is made of these models too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeVar

from flask import request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from directory.openreferral.formats import Uuid, read_moment
from directory.web.api.problems import Fault, refused

Asked = TypeVar("Asked", bound="Nothing")
DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
LARGEST_PAGE = 500
OLDEST = 150
# Another spelling that the standard's own tools use.
SPELLINGS = {"perPage": "per_page"}


def _whole(text: Any) -> Any:
    if isinstance(text, str):
        if not re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII):
            raise ValueError("Give a whole number.")
        return int(text)
    return text


def _truth(text: Any) -> Any:
    if isinstance(text, str):
        if text not in ("true", "false"):
            raise ValueError("Give true or false.")
        return text == "true"
    return text


def _moment(text: str) -> str:
    whole = f"{text}T00:00:00Z" if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else text
    if read_moment(whole) is None:
        raise ValueError("Give a date such as 2026-11-03, or a moment such as 2026-11-03T09:30:00Z.")
    return whole


Whole = Annotated[int, BeforeValidator(_whole)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Age = Annotated[int, Field(ge=0, le=OLDEST), BeforeValidator(_whole)]
Metres = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(_whole)]
When = Annotated[
    str,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}),
]
Time = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Text = Annotated[str, Field(max_length=200, pattern="^[^\\x00-\\x1f\\x7f]*$")]
Postcode = Annotated[str, Field(pattern="^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$")]
Day = Literal[
    "MO", "TU", "WE", "TH", "FR", "SA", "SU",
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
]  # fmt: skip


class Nothing(BaseModel):
    """No parameter."""

    model_config = ConfigDict(extra="forbid")


class Listed(Nothing):
    """What every list takes."""

    search: Text = Field(
        default="",
        description="Words that must all be there. Of services every text is searched, of the rest the name.",
        examples=["boxing"],
    )
    page: Whole = Field(
        default=1, ge=1, le=1_000_000, description="Which page; the first is 1.", examples=[1]
    )
    per_page: Whole = Field(
        default=50, ge=1, le=LARGEST_PAGE, description="How many things a page has.", examples=[50]
    )
    format: Literal["json", "ndjson"] = Field(
        default="json",
        description="json: a page. ndjson: everything that was asked for, one thing a line, without pages.",
        examples=["json"],
    )


class ServicesAsked(Listed):
    """What lists of services take. All that is asked must surely be so: what is not known is left out."""

    taxonomy_term_id: Uuid | None = Field(
        default=None,
        description="Services with this term.",
        examples=["0a8f9f4e-5d0b-4a5e-8f43-6a9f0c0c1d11"],
    )
    taxonomy_id: Uuid | None = Field(
        default=None,
        description="Services with any term of this taxonomy.",
        examples=["7c6f5f60-24f5-4a2b-8b68-0f0f3a1d2e22"],
    )
    organization_id: Uuid | None = Field(
        default=None,
        description="Services of this organisation.",
        examples=["d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"],
    )
    modified_after: When | None = Field(
        default=None,
        description="Services of which what is published changed then or later.",
        examples=["2026-11-03T09:30:00Z"],
    )
    full: Truth = Field(default=False, description="Everything of each, not its plain facts alone.")
    minimum_age: Age | None = Field(
        default=None,
        description="Services that take somebody of this age or older.",
        examples=[11],
    )
    maximum_age: Age | None = Field(
        default=None,
        description="Services that take somebody of this age or younger.",
        examples=[16],
    )
    start_time: Time | None = Field(
        default=None, description="Services that are open then.", examples=["18:00"]
    )
    end_time: Time | None = Field(
        default=None, description="Services that stay open until then.", examples=["20:00"]
    )
    day: Day | None = Field(
        default=None, description="The day of the week on which services are open.", examples=["FR"]
    )
    postcode: Postcode | None = Field(
        default=None,
        description="Services for people there: those whose area covers it and, with proximity, those near.",
        examples=["B19 2TH"],
    )
    proximity: Metres | None = Field(
        default=None,
        description="Within how many metres of the postcode. Places not shown exactly are never near.",
        examples=[2000],
    )


class MinimalServicesAsked(ServicesAsked):
    """What the list of services takes."""

    minimal: Truth = Field(
        default=False,
        description="Of each service id and last_modified alone, of all services on one page.",
    )


class OrganizationAsked(Nothing):
    """What an organisation takes."""

    full_service: Truth = Field(default=False, description="Everything of each of its services.")


class OrganizationsAsked(Listed):
    """What the list of organisations takes."""

    full: Truth = Field(
        default=False, description="Everything of each organisation, and the plain facts of its services."
    )
    full_service: Truth = Field(default=False, description="The same with everything of each service.")


class TermsAsked(Listed):
    """What the list of terms takes."""

    taxonomy_id: Uuid | None = Field(
        default=None,
        description="Terms of this taxonomy.",
        examples=["7c6f5f60-24f5-4a2b-8b68-0f0f3a1d2e22"],
    )
    parent_id: Uuid | None = Field(
        default=None,
        description="Terms right under this one.",
        examples=["0a8f9f4e-5d0b-4a5e-8f43-6a9f0c0c1d11"],
    )
    top_only: Truth = Field(default=False, description="Terms that are under no other.")


def read_parameters(model: type[Asked]) -> Asked:
    """What was asked, or a problem that names each parameter which cannot be used."""
    given = {SPELLINGS.get(name, name): values for name, values in _given(model).items()}
    twice = [(name, "Give it once.") for name, values in given.items() if len(values) > 1]
    if twice:
        raise refused(twice)
    try:
        asked = model.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise refused([_fault(item, model) for item in error.errors()]) from None
    faults = list(_check_together(asked))
    if faults:
        raise refused(faults)
    return asked


def _given(model: type[Nothing]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in request.args.items(multi=True):
        known = SPELLINGS.get(name, name)
        given.setdefault(known if known in model.model_fields else name, []).append(value)
    return given


def _fault(item: ErrorDetails, model: type[Nothing]) -> Fault:
    name = str(item["loc"][0]) if item["loc"] else ""
    if item["type"] == "extra_forbidden":
        there = ", ".join(model.model_fields) or "none"
        return name, f"There is no such parameter here. There are: {there}."
    return name, item["msg"].removeprefix("Value error, ").rstrip(".") + "."


def _check_together(asked: Nothing) -> Iterator[Fault]:
    if not isinstance(asked, ServicesAsked):
        return
    if asked.proximity is not None and asked.postcode is None:
        yield "proximity", "Give the postcode from which to measure as well."
    if None not in (asked.minimum_age, asked.maximum_age) and asked.minimum_age > asked.maximum_age:  # type: ignore[operator]
        yield "minimum_age", "Give an age that is not above maximum_age."
    if asked.start_time and asked.end_time and asked.start_time >= asked.end_time:
        yield "end_time", "Give a time after start_time."
