"""Settings, read from the environment once, when the application is made. docs/settings.md lists them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

DEVELOPMENT_KEY = "for development only"
SHORTEST_KEY = 32


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default. The environment variable is the name in capitals."""

    instance_folder: Path = field(
        default=Path("instance"),
        metadata={"help": "Where the database and other files that change are kept."},
    )
    database_url: str = field(
        default="",
        metadata={
            "help": "The database, such as postgresql+psycopg://user@host/name. "
            "Empty: SQLite in the instance folder."
        },
    )
    secret_key: str = field(
        default=DEVELOPMENT_KEY,
        repr=False,
        metadata={"help": "Signs cookies. In production: a random text of 32 characters or more."},
    )
    directory_env: str = field(
        default="development",
        metadata={"help": "development or production. Production refuses default secrets."},
    )
    site_name: str = field(
        default="Directory of violence prevention, West Midlands",
        metadata={"help": "The name in the header and the title of every page."},
    )
    results_per_page: int = field(default=20, metadata={"help": "How many results a page of the list shows."})
    tiles_url: str = field(
        default="",
        metadata={"help": "Address of background map tiles with {z}, {x} and {y}. Empty: outlines alone."},
    )
    tiles_attribution: str = field(
        default="", metadata={"help": "Whom to credit for the tiles. Needed when TILES_URL is set."}
    )
    fresh_days: int = field(default=183, metadata={"help": "For how many days a check counts as fresh."})
    stale_days: int = field(
        default=730, metadata={"help": "After how many days without a check an entry is marked out of date."}
    )
    school_holidays: str = field(
        default="",
        metadata={
            "help": "The school holidays, such as 2026-12-21/2027-01-01,2027-02-15/2027-02-19. "
            "Empty: coverage cannot be asked about them."
        },
    )

    @property
    def url(self) -> str:
        """The address of the database that is in force."""
        return self.database_url or f"sqlite:///{self.instance_folder.resolve() / 'directory.sqlite'}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; say which one is wrong, and how, rather than start with it."""
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for setting in fields(Settings):
        text = environment.get(setting.name.upper())
        if not text:  # an empty variable says nothing, so the default holds
            continue
        values[setting.name] = _typed(setting.name, text, setting.default)
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def _typed(name: str, text: str, default: object) -> object:
    if isinstance(default, Path):
        return Path(text)
    if isinstance(default, int):
        if not text.isdecimal() or int(text) == 0:
            raise ValueError(f"{name.upper()} must be a whole number above 0, and is {text!r}.")
        return int(text)
    return text


def _check(settings: Settings) -> None:
    if settings.directory_env not in {"development", "production"}:
        raise ValueError(
            f"DIRECTORY_ENV must be development or production, and is {settings.directory_env!r}."
        )
    key = settings.secret_key.strip()
    if settings.directory_env == "production" and (key == DEVELOPMENT_KEY or len(key) < SHORTEST_KEY):
        raise ValueError(
            f"SECRET_KEY must be set in production: "
            f"a random, secret text of {SHORTEST_KEY} characters or more."
        )
    if settings.tiles_url and not settings.tiles_attribution:
        raise ValueError("TILES_ATTRIBUTION must be set with TILES_URL: makers of maps ask to be credited.")
    if settings.stale_days <= settings.fresh_days:
        raise ValueError(
            f"STALE_DAYS must be more than FRESH_DAYS, and they are {settings.stale_days} "
            f"and {settings.fresh_days}."
        )
