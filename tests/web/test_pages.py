"""Every page and file with the demonstration data, on both databases."""

import pytest

from directory.web.access import PUBLIC, RULES

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/about",
        "/search",
        "/search?what=boxing&where=Lozells",
        "/search?what=mentoring&where=B19+2TH&day=Friday&time=18:00&age=14",
        "/search?where=Birmingham&category=sport&gender=female&cost=free",
        "/search?what=zzzz+boxing&where=nowhere+at+all",
        "/search?age=x&day=Someday&time=99&page=-1&within_metres=0&sort=odd",
        "/search?page=9999",
        "/search?what=free+boxing+for+14+year+olds+near+Lozells+on+Friday+evening",
        "/search?what=youth+club+in+Coventry+tonight",
        "/search?what=kabaddi+on+Sunday+in+Solihull+for+under+5s",
        "/search?what=county+lines&widen=no&view=map",
        "/suggest?q=box",
        "/map",
        "/map?what=boxing",
        "/sites",
        "/sites?within_metres=500",
        "/sites/lozells",
        "/sites/hillfields?category=trauma-therapy&within_metres=5000",
        "/sources",
        "/sources.csv",
        "/sites/walsall-college?within_metres=nonsense",
    ],
)
def test_page_is_served(client, address):
    assert client.get(address).status_code == 200


def test_every_route_is_public_or_has_a_rule(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert routes == PUBLIC | RULES.keys()
    assert not PUBLIC & RULES.keys()


def test_unknown_page_says_what_to_do(client):
    response = client.get("/services/00000000-0000-0000-0000-000000000000")
    assert response.status_code == 404
    assert "Search for the organisation" in response.get_data(as_text=True)


def test_every_page_says_that_the_data_is_fictional(client):
    for address in ("/", "/about", "/search", "/map", "/sites", "/sites/lozells", "/nothing-here"):
        assert "fictional" in client.get(address).get_data(as_text=True)
