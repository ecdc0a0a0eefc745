"""Taking some facts over and leaving the rest; a proposal made of an older version."""

from copy import deepcopy

from directory.registration.differences import differences
from directory.registration.taking import proposed, rebase, take
from tests.directory.documents import full, made_id, organization, place, service

STUDIO = f"service/{made_id('service Studio')}"


def record(*services, **facts):
    return organization(*services or (service("Studio", place(), minimum_age=8, alert="Closed"),), **facts)


def keys(before, after):
    return {one.key for one in differences(before, after)}


def test_taking_everything_gives_the_other_document():
    after = full()
    after["services"][0] |= {"name": "New", "alert": None, "minimum_age": 3}
    after["services"][0]["service_at_locations"][0]["location"]["name"] = "Mill"
    after["services"].append(service("Club", place("Barn")))
    assert differences(after, take(full(), after, keys(full(), after))) == []


def test_taking_nothing_leaves_the_document_as_it_is():
    before = deepcopy(full())
    assert take(full(), record(), set()) == before


def test_what_is_not_taken_stays():
    after = record(service("Studio", place(), minimum_age=9), description="Music")
    taken = take(record(), after, {"organization.description"})
    assert keys(record(), taken) == {"organization.description"}


def test_a_text_can_be_written_otherwise():
    after = record(name="Lantern", description="Music")
    chosen = {"organization.name", "organization.description"}
    taken = take(
        record(), after, chosen, {"organization.name": " Lantern Project ", "organization.email": "x"}
    )
    assert (taken["name"], taken["description"]) == ("Lantern Project", "Music")
    assert "email" not in taken


def test_services_come_and_go_only_when_chosen():
    before, after = record(service("A"), service("B")), record(service("B"), service("C"))
    gone, come = f"service/{made_id('service A')}", f"service/{made_id('service C')}"
    assert [one["name"] for one in take(before, after, {gone})["services"]] == ["B"]
    assert [one["name"] for one in take(before, after, {come})["services"]] == ["A", "B", "C"]


def test_a_place_is_changed_wherever_it_stands():
    before = record(service("A", place()), service("B", place()))
    after = record(service("A", place(name="Canal Hall", description="Red")), service("B", place()))
    taken = take(before, after, keys(before, after))
    links = [one["service_at_locations"][0]["location"] for one in taken["services"]]
    assert [link.get("description") for link in links] == ["Red", "Red"]


def test_a_proposal_of_an_older_version_undoes_nothing_that_came_after():
    base, proposal, current = record(), record(description="Music"), record(email="a@b.org")
    merged, disputed = rebase(base, proposal, current)
    assert (merged["description"], merged["email"], disputed) == ("Music", "a@b.org", set())


def test_a_fact_that_both_changed_is_in_dispute():
    base, proposal, current = record(), record(description="Music"), record(description="Dance")
    changes, disputed = proposed(base, proposal, current)
    assert disputed == {"organization.description"}
    assert [(one.before, one.after) for one in changes] == [(("Dance",), ("Music",))]


def test_a_fact_that_both_changed_alike_is_not_in_dispute():
    assert proposed(record(), record(description="Music"), record(description="Music")) == ([], set())


def test_a_service_that_one_changed_and_the_other_took_out_is_in_dispute():
    older = service("Studio", place(), minimum_age=9, alert="Closed")
    changes, disputed = proposed(record(), record(older), record(service("Club")))
    assert disputed == {STUDIO}
    assert [(one.key, one.kind) for one in changes] == [(STUDIO, "added")]
    changes, disputed = proposed(record(), record(service("Club")), record(older))
    assert disputed == {STUDIO}
