"""Settings from the environment: right, or refused with the reason."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from directory.config import Settings, read_settings

SECRETS = ("SECRET_KEY", "PASSWORD_SALT", "TOTP_SECRET")
PRODUCTION = {
    "DIRECTORY_ENV": "production",
    "SECRET_KEY": "x" * 32,
    "PASSWORD_SALT": "y" * 32,
    "TOTP_SECRET": "z" * 32,
    "PUBLIC_URL": "https://directory.example.org",
}


def test_without_anything_set_the_defaults_hold():
    assert read_settings({}) == Settings()


@pytest.mark.parametrize("name", [item.name for item in fields(Settings)])
def test_an_empty_variable_is_as_good_as_none(name):
    assert read_settings({name.upper(): ""}) == Settings()


def test_every_setting_says_what_it_is_for():
    assert all(len(item.metadata["help"]) > 20 for item in fields(Settings))


def test_settings_have_the_type_of_their_default():
    settings = read_settings({"INSTANCE_FOLDER": "/srv/x", "RESULTS_PER_PAGE": "50", "SITE_NAME": "Ours"})
    assert (settings.instance_folder, settings.results_per_page) == (Path("/srv/x"), 50)
    assert settings.site_name == "Ours"


def test_the_environment_is_that_of_the_program(monkeypatch):
    monkeypatch.setenv("SITE_NAME", "Ours")
    assert read_settings().site_name == "Ours"


def test_sqlite_in_the_instance_folder_unless_there_is_an_address(tmp_path):
    assert Settings(instance_folder=tmp_path).url == f"sqlite:///{tmp_path / 'directory.sqlite'}"
    assert Settings(database_url="postgresql+psycopg://a@b/c").url == "postgresql+psycopg://a@b/c"


def test_production_with_a_key_of_its_own():
    settings = read_settings(PRODUCTION)
    assert settings.secret_key == "x" * 32
    assert not any(PRODUCTION[name] in repr(settings) for name in SECRETS)


@pytest.mark.parametrize("name", SECRETS)
def test_production_refuses_every_secret_that_is_left_as_it_was(name):
    with pytest.raises(ValueError, match=f"{name} must be set in production"):
        read_settings({key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize("name", SECRETS[1:])
def test_production_refuses_one_key_for_two_ends(name):
    with pytest.raises(ValueError, match="must differ"):
        read_settings(PRODUCTION | {name: PRODUCTION["SECRET_KEY"]})


def test_what_is_nought_by_default_may_be_nought():
    assert read_settings({"TRUSTED_PROXIES": "0"}).trusted_proxies == 0


WRONG = [
    ({"RESULTS_PER_PAGE": "many"}, "RESULTS_PER_PAGE must be a whole number above 0, and is 'many'."),
    ({"RESULTS_PER_PAGE": "0"}, "must be a whole number above 0"),
    ({"STALE_DAYS": "-1"}, "STALE_DAYS must be a whole number above 0"),
    ({"STALE_DAYS": "\u00b2"}, "STALE_DAYS must be a whole number above 0"),
    ({"FIELD_MONTHS": "hours=6 colour=3"}, "FIELD_MONTHS: 'colour=3' is not a field with its months"),
    ({"FIELD_MONTHS": "hours=0"}, "FIELD_MONTHS: 'hours=0' is not"),
    ({"FIELD_MONTHS": "hours"}, "The fields are: name, description"),
    ({"DIRECTORY_ENV": "live"}, "must be development or production, and is 'live'"),
    ({"DIRECTORY_ENV": "production"}, "SECRET_KEY must be set in production"),
    ({"DIRECTORY_ENV": "production", "SECRET_KEY": ""}, "SECRET_KEY must be set in production"),
    (
        {"DIRECTORY_ENV": "production", "SECRET_KEY": " for development only "},
        "SECRET_KEY must be set in production",
    ),
    ({"DIRECTORY_ENV": "production", "SECRET_KEY": "x" * 31}, "32 characters or more"),
    (PRODUCTION | {"PUBLIC_URL": "http://directory.example.org"}, "PUBLIC_URL must begin with https://"),
    ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be a whole number, and is '-1'."),
    ({"TILES_URL": "https://tiles.org.uk/{z}/{x}/{y}.png"}, "TILES_ATTRIBUTION must be set"),
]


@pytest.mark.parametrize(("environment", "message"), WRONG)
def test_a_wrong_setting_is_named(environment, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        read_settings(environment)
