"""The description of the open data for programs (OpenAPI 3.1), made of the models and of the views."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, url_for
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from directory.languages import N_
from directory.openreferral import profile
from directory.web.api.examples import EXAMPLES
from directory.web.api.listing import NDJSON
from directory.web.api.parameters import (
    SPELLINGS,
    Listed,
    MinimalServicesAsked,
    Nothing,
    OrganizationAsked,
    OrganizationsAsked,
    ServicesAsked,
    TermsAsked,
)
from directory.web.api.problems import DETAILS, ProblemDocument

Json = dict[str, Any]
REFERENCE = "#/components/schemas/{model}"
PAGE = {
    "total_items": ("integer", "How many things there are in all."),
    "total_pages": ("integer", "How many pages."),
    "page_number": ("integer", "Which page this is; the first is 1."),
    "size": ("integer", "How many things are on this page."),
    "first_page": ("boolean", "Whether this is the first page."),
    "last_page": ("boolean", "Whether this is the last page."),
    "empty": ("boolean", "Whether nothing was found."),
}
STATUSES = {
    304: "You have it already: nothing changed.",
    400: "A parameter cannot be used; the answer names it.",
    404: DETAILS[404],
}
HEADERS = {
    "ETag": ("string", "What this answer is known by: send it back in If-None-Match."),
    "Last-Modified": ("string", "When it last changed: send it back in If-Modified-Since."),
}


@dataclass(frozen=True)
class Described:
    """What an address takes and gives: things of which a page may be brief, in part or whole."""

    takes: type[BaseModel]
    gives: tuple[type[BaseModel], ...]
    paged: bool = False


ENDPOINTS: Mapping[str, Described] = {
    "index": Described(Nothing, (profile.ApiDetails,)),
    "services": Described(MinimalServicesAsked, (profile.ServiceBrief, profile.Service), paged=True),
    "service": Described(Nothing, (profile.Service,)),
    "organizations": Described(
        OrganizationsAsked, (profile.OrganizationBrief, profile.Organization), paged=True
    ),
    "organization": Described(OrganizationAsked, (profile.Organization,)),
    "service_at_locations": Described(
        ServicesAsked, (profile.ServiceAtLocationBrief, profile.ServiceAtLocation), paged=True
    ),
    "service_at_location": Described(Nothing, (profile.ServiceAtLocation,)),
    "taxonomies": Described(Listed, (profile.Taxonomy,), paged=True),
    "taxonomy": Described(Nothing, (profile.Taxonomy,)),
    "taxonomy_terms": Described(TermsAsked, (profile.TaxonomyTerm,), paged=True),
    "taxonomy_term": Described(Nothing, (profile.TaxonomyTerm,)),
}


def describe_api() -> Json:
    """The whole description, as of the application that answers the request."""
    app: Flask = current_app
    name = app.config["SITE_NAME"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{name}: open data",
            "version": profile.VERSION,
            "summary": "Community organisations and their services, after the Open Referral UK profile.",
            "description": N_(
                "Read-only and open to all, without a key. Parameters narrow an answer together. What is not "
                "known is left out, never null. What the profile has no field for stands in attributes, as "
                "terms of taxonomies. Each record names its source and licence there."
            ),
            "contact": {"name": name, "url": url_for("about.index", _external=True)},
            "license": {
                "name": "As each record says",
                "url": url_for("about.index", _external=True, _anchor="sources"),
            },
        },
        "servers": [{"url": url_for("api.index", _external=True).rstrip("/")}],
        "tags": [{"name": tag, "description": f"Everything about {tag}."} for tag in _tags()],
        "paths": {path: {"get": operation} for path, operation in _operations(app)},
        "components": {"schemas": _schemas()},
    }


def _licences() -> str:
    return url_for("about.index", _external=True, _anchor="sources")


def _operations(app: Flask) -> list[tuple[str, Json]]:
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    return [(_path(rules[f"api.{name}"]), _operation(name, rules[f"api.{name}"], app)) for name in ENDPOINTS]


def _path(rule: str) -> str:
    """A rule of Flask as OpenAPI writes it, under the address of the server."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.removeprefix("/api")) or "/"


def _operation(name: str, rule: str, app: Flask) -> Json:
    described = ENDPOINTS[name]
    text = (app.view_functions[f"api.{name}"].__doc__ or "").partition(": ")[2].strip()
    parameters = [*_path_parameters(rule), *_query_parameters(described.takes)]
    statuses = [status for status in STATUSES if status != 404 or described.paged or "<" in rule]
    responses = {"200": _answer(name, described)}
    responses |= {str(status): _error(status) for status in statuses}
    return {
        "operationId": name,
        "summary": text[:1].upper() + text[1:],
        "description": (described.takes.__doc__ or "").strip(),
        "tags": [_tag(name)],
        "parameters": parameters,
        "responses": responses,
    }


def _path_parameters(rule: str) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": "The identifier.",
            "schema": {"type": "string", "format": "uuid"},
            "example": "ac148810-d857-441c-9679-408f346de14b",
        }
        for name in re.findall(r"<uuid:(\w+)>", rule)
    ]


def _query_parameters(model: type[BaseModel]) -> list[Json]:
    properties: Json = model.model_json_schema()["properties"] if model.model_fields else {}
    listed = [_query_parameter(name, schema) for name, schema in properties.items()]
    others = [
        _query_parameter(other, properties[name] | {"description": f"The same as {name}."})
        for other, name in SPELLINGS.items()
        if name in properties
    ]
    return listed + others


def _query_parameter(name: str, schema: Json) -> Json:
    plain = {key: value for key, value in schema.items() if key not in ("title", "description", "examples")}
    if plain.get("default") is None:
        plain.pop("default", None)
    # A parameter is there or not: that it may be null is of no use to anybody.
    choices = [one for one in plain.get("anyOf", []) if one != {"type": "null"}]
    if len(choices) == 1:
        plain = {key: value for key, value in plain.items() if key != "anyOf"} | choices[0]
    made: Json = {"name": name, "in": "query", "required": False, "schema": plain}
    made["description"] = schema.get("description", "")
    if schema.get("examples"):
        made["example"] = schema["examples"][0]
    return made


def _answer(name: str, described: Described) -> Json:
    models = [{"$ref": REFERENCE.format(model=model.__name__)} for model in described.gives]
    # With minimal=true a service is its identifier and a moment alone.
    minimal = [{"$ref": REFERENCE.format(model="ServiceMinimal")}] if name == "services" else []
    choices = [*models, *minimal]
    one: Json = choices[0] if len(choices) == 1 else {"anyOf": choices}
    content: Json = {"application/json": {"schema": _page(one) if described.paged else one}}
    if name in EXAMPLES:
        content["application/json"]["example"] = EXAMPLES[name]
    if described.paged:
        content[NDJSON] = {"schema": {"type": "string"}}
    return {
        "description": "A page of the list." if described.paged else "The thing asked for.",
        "headers": _headers(),
        "content": content,
    }


def _headers() -> Json:
    return {name: {"description": text, "schema": {"type": kind}} for name, (kind, text) in HEADERS.items()}


def _page(contents: Json) -> Json:
    fields: Json = {name: {"type": kind, "description": text} for name, (kind, text) in PAGE.items()}
    fields["contents"] = {"type": "array", "items": contents, "description": "The things of this page."}
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _error(status: int) -> Json:
    if status == 304:
        return {"description": STATUSES[status]}
    schema = {"$ref": REFERENCE.format(model=ProblemDocument.__name__)}
    example = {
        "type": url_for("api.docs", _external=True, _anchor=f"status-{status}"),
        "title": "Bad Request" if status == 400 else "Not Found",
        "status": status,
        "detail": STATUSES[status],
    }
    return {
        "description": STATUSES[status],
        "content": {"application/problem+json": {"schema": schema, "example": example}},
    }


def _schemas() -> Json:
    models = {model for described in ENDPOINTS.values() for model in described.gives} | {ProblemDocument}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, document = models_json_schema([(model, "validation") for model in ordered], ref_template=REFERENCE)
    schemas: Json = _without_nulls(document["$defs"])
    identity = {name: schemas["ServiceBrief"]["properties"][name] for name in ("id", "last_modified")}
    schemas["ServiceMinimal"] = {
        "type": "object",
        "description": "A service with no more than when it changed.",
        "properties": identity,
        "required": list(identity),
        "additionalProperties": False,
    }
    return schemas


def _without_nulls(thing: Any) -> Any:
    """The schemas without titles, and without the defaults that say that a field may be absent."""
    if isinstance(thing, list):
        return [_without_nulls(item) for item in thing]
    if not isinstance(thing, dict):
        return thing
    kept = {key: _without_nulls(value) for key, value in thing.items()}
    if kept.get("default", "") is None:
        del kept["default"]
    if isinstance(kept.get("title"), str) and ("type" in kept or "$ref" in kept or "enum" in kept):
        del kept["title"]
    return kept


def _tags() -> list[str]:
    return list(dict.fromkeys(_tag(name) for name in ENDPOINTS))


def _tag(name: str) -> str:
    plural = {"service": "services", "organization": "organizations", "taxonomy": "taxonomies"}
    plural |= {"service_at_location": "service_at_locations", "taxonomy_term": "taxonomy_terms"}
    return "the API" if name == "index" else plural.get(name, name)
