"""Our shapes are those of the standard: field by field, and by its own schemas on what we answer."""

import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from directory.openreferral import profile
from directory.web.api.description import ENDPOINTS
from directory.web.api.examples import EXAMPLES

MODELS = {
    "service": profile.Service,
    "organization": profile.Organization,
    "service_at_location": profile.ServiceAtLocation,
    "taxonomy": profile.Taxonomy,
    "taxonomy_term": profile.TaxonomyTerm,
    "organization_list": profile.OrganizationBrief,
    "service_list": profile.ServiceBrief,
    "service_at_location_list": profile.ServiceAtLocationBrief,
    "taxonomy_list": profile.Taxonomy,
    "taxonomy_term_list": profile.TaxonomyTerm,
    "api_details": profile.ApiDetails,
}
LISTS = {
    "services": "service_list",
    "services?full=true": "service",
    "organizations": "organization_list",
    "organizations?full=true": "organization",
    "organizations?full_service=true": "organization",
    "service_at_locations": "service_at_location_list",
    "service_at_locations?full=true": "service_at_location",
    "taxonomies": "taxonomy_list",
    "taxonomy_terms": "taxonomy_term_list",
}


def schema_of(shared_data, name):
    """A schema of the standard, of one thing of a list where it is of a list."""
    schema = json.loads((shared_data / "openreferral" / "schemas" / f"{name}.json").read_text())
    return schema["properties"]["contents"]["items"] if "contents" in schema.get("properties", {}) else schema


def strict(schema):
    """The schema with no field but its own, at every depth."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: strict(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        kept["additionalProperties"] = False
    return kept


def resolved(schema, whole):
    return whole["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def described(schema, whole, depth=0):
    """The fields of a schema with type, format, choices and whether they are needed."""
    schema = resolved(schema, whole)
    facts = {"type": schema.get("type"), "format": schema.get("format"), "enum": schema.get("enum")}
    if schema.get("type") == "array":
        facts["items"] = described(schema["items"], whole, depth + 1)
    if "properties" in schema:
        facts["fields"] = {
            name: described(value, whole, depth + 1) for name, value in schema["properties"].items()
        }
        facts["required"] = sorted(schema.get("required", []))
    return facts


@pytest.mark.shared_data
@pytest.mark.parametrize("name", MODELS)
def test_model_has_the_fields_of_the_standard(shared_data, name):
    theirs = described(schema_of(shared_data, name), {})
    whole = MODELS[name].model_json_schema()
    ours = described(whole, whole)
    assert ours["required"] == theirs["required"]
    differences = list(differ(ours, theirs, "$"))
    assert differences == []


def differ(ours, theirs, path):
    for fact in ("type", "format", "enum", "required"):
        if ours.get(fact) != theirs.get(fact):
            yield path, fact, ours.get(fact), theirs.get(fact)
    if "items" in theirs:
        yield from differ(ours.get("items", {}), theirs["items"], f"{path}[]")
    mine, other = ours.get("fields", {}), theirs.get("fields", {})
    for name in sorted({*mine, *other}):
        if name not in mine or name not in other:
            yield f"{path}.{name}", "only one has it", name in mine, name in other
        else:
            yield from differ(mine[name], other[name], f"{path}.{name}")


@pytest.mark.shared_data
@pytest.mark.parametrize("address", LISTS)
def test_answers_pass_the_schemas_of_the_standard(client, shared_data, address):
    validator = Draft202012Validator(
        strict(schema_of(shared_data, LISTS[address])), format_checker=FormatChecker()
    )
    sign = "&" if "?" in address else "?"
    contents = client.get(f"/api/{address}{sign}per_page=500").get_json()["contents"]
    assert len(contents) > 20
    faults = [error.json_path for thing in contents for error in validator.iter_errors(thing)]
    assert faults == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_what_the_description_promises(name):
    example = EXAMPLES[name]
    described = ENDPOINTS[name]
    for thing in example["contents"] if described.paged else [example]:
        described.gives[0].model_validate(thing)


def test_every_address_is_described(app):
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert rules == {f"api.{name}" for name in ENDPOINTS} | {"api.docs", "api.description"}


def test_description_says_what_everything_is(client):
    document = client.get("/api/openapi.json").get_json()
    for path, item in document["paths"].items():
        assert item["get"]["summary"], path
        for parameter in item["get"]["parameters"]:
            assert parameter["description"], (path, parameter["name"])
    for name, schema in document["components"]["schemas"].items():
        for field, facts in schema["properties"].items():
            assert facts.get("description"), (name, field)
