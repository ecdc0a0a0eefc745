"""Questions that nobody would ask, made from the description: every answer keeps what it promises."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from directory.app import create_app
from directory.config import Settings
from directory.web.api.description import ENDPOINTS
from tests.conftest import NOW

pytestmark = [pytest.mark.one_database, pytest.mark.unmeasured]

QUIET = settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)
# What no schema of one parameter can say: a page past the last, a time after another, no such postcode.
TOGETHER = {400, 404}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def described(new_database, demonstration_template, tmp_path_factory):
    """The description, read from an application of this module's own."""
    chosen = Settings(
        database_url=new_database(demonstration_template), instance_folder=tmp_path_factory.mktemp("fuzz")
    )
    made = create_app(chosen)
    made.config["CLOCK"] = lambda: NOW
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", made)
    made.extensions["engine"].dispose()


def operation(described, name):
    return next(
        found.ok()
        for found in described.get_all_operations()
        if found.ok().definition.raw["operationId"] == name
    )


@pytest.mark.parametrize("name", ENDPOINTS)
def test_what_may_be_asked_is_answered_as_described(described, name):
    statuses = []

    @QUIET
    @given(case=operation(described, name).as_strategy(generation_mode=GenerationMode.POSITIVE))
    def ask(case):
        response = case.call(headers=PLAIN)
        statuses.append(response.status_code)
        case.validate_response(response, excluded_checks=[schemathesis.checks.positive_data_acceptance])

    ask()
    assert set(statuses) <= {200, *TOGETHER}


@pytest.mark.parametrize("name", [name for name in ENDPOINTS if name != "index"])
def test_what_may_not_be_asked_is_refused_as_described(described, name):
    statuses = []

    @QUIET
    @given(case=operation(described, name).as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ask(case):
        response = case.call(headers=PLAIN)
        statuses.append(response.status_code)
        case.validate_response(response)

    ask()
    assert 400 in statuses or 404 in statuses
