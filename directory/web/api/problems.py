"""What a program reads when something is wrong: a problem document (RFC 9457) that names the parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Response, request, url_for
from pydantic import BaseModel, Field

Fault = tuple[str, str]  # the name of a parameter, and what is wrong with it
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Content-Disposition",
}
DETAILS = {
    404: "There is nothing here. Identifiers change only when a record is taken out.",
    405: "This can be read with GET, and nothing can be sent to it.",
    500: "The fault is ours and has been logged. Try again in a few minutes.",
    503: "The directory is busy. Try again in a few seconds.",
}


class ParameterProblem(BaseModel):
    """One parameter that cannot be used."""

    parameter: str = Field(description="The name of the parameter.")
    detail: str = Field(description="What is wrong with it, and what to do.")


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="The address of a page about such problems.")
    title: str = Field(description="The kind of problem.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What happened, and what to do.")
    parameters: list[ParameterProblem] = Field(
        default_factory=list, description="The parameters that cannot be used; left out where there are none."
    )


class ProblemError(Exception):
    """A request that cannot be answered."""

    def __init__(self, status: int, detail: str, parameters: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.parameters = status, detail, parameters


def refused(faults: Sequence[Fault], status: int = 400) -> ProblemError:
    """The problem of parameters that cannot be used."""
    names = ", ".join(dict.fromkeys(name for name, _ in faults))
    return ProblemError(status, f"This cannot be used: {names}. See parameters for what to do.", faults)


def problem_response(error: ProblemError, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as an answer."""
    document: dict[str, object] = {
        "type": url_for("api.docs", _external=True, _anchor=f"status-{error.status}"),
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
    }
    if error.parameters:
        document["parameters"] = [{"parameter": name, "detail": text} for name, text in error.parameters]
    text = json.dumps(document, ensure_ascii=False)
    response = Response(text, error.status, content_type="application/problem+json")
    response.headers.update({**OPEN, "Cache-Control": "no-store", **(headers or {})})
    return response


def is_for_programs() -> bool:
    """Whether the request is for the open data, and so its errors are for a program to read."""
    return request.path.startswith("/api/") and request.endpoint != "api.docs"


def status_problem(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to an error that has no more to say than its status."""
    detail = DETAILS.get(status, HTTPStatus(status).description or HTTPStatus(status).phrase)
    return problem_response(ProblemError(status, detail), headers)
