"""The description of the open data as the plain values of a page.

What the description for programs says too is English on every page, and marked so.
"""

from __future__ import annotations

import json
from typing import Any

from directory.languages import gettext, own_words
from directory.web.api.description import STATUSES, Json
from directory.web.api.problems import DETAILS


def explained(document: Json) -> Json:
    """What the page about the open data shows."""
    about = document["info"]["description"]
    return {
        "description": gettext(about),
        "server": document["servers"][0]["url"],
        "operations": [_operation(path, item["get"]) for path, item in document["paths"].items()],
        "schemas": [_schema(name, one) for name, one in document["components"]["schemas"].items()],
        "statuses": sorted((STATUSES | {405: DETAILS[405], 500: DETAILS[500]}).items()),
    }


def _operation(path: str, operation: Json) -> Json:
    answer = operation["responses"]["200"]
    content = answer["content"]["application/json"]
    example = content.get("example")
    return {
        "id": operation["operationId"],
        "path": path,
        "summary": operation["summary"],
        "description": operation["description"],
        "parameters": [_parameter(one) for one in operation["parameters"]],
        "gives": _gives(content["schema"]),
        "example": json.dumps(example, indent=2, ensure_ascii=False) if example else None,
    }


def _parameter(one: Json) -> list[str]:
    example = str(one["example"]) if "example" in one else ""
    return list(map(own_words, (one["name"], one["description"], _type(one["schema"]), example)))


def _gives(schema: Json) -> str:
    if "contents" in schema.get("properties", {}):
        return f"a page of: {_type(schema['properties']['contents']['items'])}."
    return f"{_type(schema)}."


def _schema(name: str, schema: Json) -> Json:
    needed = schema.get("required", [])
    return {
        "name": name,
        "description": schema.get("description", ""),
        "fields": [
            [*map(own_words, (field, one.get("description", ""), _type(one))), _yes_or_no(field in needed)]
            for field, one in schema.get("properties", {}).items()
        ],
    }


def _yes_or_no(answer: bool) -> str:
    return gettext("yes") if answer else gettext("no")


def _type(schema: Json) -> str:
    """What a value is, in words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return "one of: " + ", ".join(str(choice) for choice in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "anyOf" in schema:
        return " or ".join(_type(choice) for choice in schema["anyOf"])
    return ", ".join(_facts(schema))


def _facts(schema: dict[str, Any]) -> list[str]:
    words = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}
    facts = [schema.get("format") or words.get(schema.get("type", ""), "object")]
    limits = {
        "minimum": "from",
        "maximum": "to",
        "maxLength": "up to so many letters:",
        "default": "otherwise",
    }
    given = {name: value for name, value in schema.items() if name in limits and value != ""}
    return facts + [f"{limits[name]} {json.dumps(value)}" for name, value in given.items()]
