"""Settings, read from the environment once, when the application is made. docs/settings.md lists them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from directory.publishing.freshness import STALE_DAYS, Rule, read_months

DEVELOPMENT_KEY = "for development only"
SHORTEST_KEY = 32
# One key serves one end, so that it can be changed, or lost, without the others.
SECRETS = ("secret_key", "password_salt", "totp_secret")


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
    password_salt: str = field(
        default=DEVELOPMENT_KEY,
        repr=False,
        metadata={"help": "Goes into every password before it is hashed. A random text, as SECRET_KEY."},
    )
    totp_secret: str = field(
        default=DEVELOPMENT_KEY,
        repr=False,
        metadata={
            "help": "Encrypts the keys of second factors and recovery codes. A random text of its own."
        },
    )
    directory_env: str = field(
        default="development",
        metadata={"help": "development or production. Production refuses default secrets and needs https."},
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
    field_months: str = field(
        default="",
        metadata={
            "help": "For how many months a check of a field is good, such as hours=6 name=36. "
            "Fields that are not named stay as they are. Publish again after a change."
        },
    )
    stale_days: int = field(
        default=STALE_DAYS,
        metadata={"help": "After how many days without a check an entry is marked out of date."},
    )

    public_url: str = field(
        default="http://127.0.0.1:5000",
        metadata={
            "help": "The address of the site as readers reach it: it stands in letters. "
            "In production it begins with https:// and no other host is answered."
        },
    )
    mail_from: str = field(
        default="directory@localhost", metadata={"help": "The address that letters are sent from."}
    )
    smtp_host: str = field(
        default="", metadata={"help": "The mail server. Empty: letters wait in the outbox."}
    )
    smtp_port: int = field(default=25, metadata={"help": "The port of the mail server."})
    smtp_user: str = field(default="", metadata={"help": "The name to sign in to the mail server with."})
    smtp_password: str = field(default="", repr=False, metadata={"help": "The password of SMTP_USER."})
    smtp_timeout: int = field(
        default=30, metadata={"help": "How many seconds to wait for each answer of the mail server."}
    )
    smtp_security: str = field(
        default="none", metadata={"help": "none, starttls or tls: how the talk with the mail server is kept."}
    )

    session_idle_minutes: int = field(
        default=120, metadata={"help": "After how many minutes without a request somebody is signed out."}
    )
    session_hours: int = field(
        default=12, metadata={"help": "After how many hours everybody must sign in again."}
    )
    limits_storage: str = field(
        default="memory://",
        metadata={
            "help": "Where it is counted how often forms are sent: memory:// (each process by itself) "
            "or redis://host:6379 (all together; needs the package redis)."
        },
    )
    pages_storage: str = field(
        default="",
        metadata={
            "help": "Where the web processes of several machines keep pages of results together: "
            "redis://host:6379 (needs the package redis, and a SECRET_KEY). Empty: those of one machine do, "
            "in memory, where the server is started with --preload."
        },
    )
    trusted_proxies: int = field(
        default=0,
        metadata={"help": "How many web servers of your own stand before the application and say who asks."},
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

    @property
    def freshness(self) -> Rule:
        """How long checks are good."""
        return Rule(read_months(self.field_months), self.stale_days)


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
        # What is nought by default may be nought.
        least = min(default, 1)
        if not text.isdecimal() or int(text) < least:
            least_words = " above 0" if least else ""
            raise ValueError(f"{name.upper()} must be a whole number{least_words}, and is {text!r}.")
        return int(text)
    return text


def _check(settings: Settings) -> None:
    if settings.directory_env not in {"development", "production"}:
        raise ValueError(
            f"DIRECTORY_ENV must be development or production, and is {settings.directory_env!r}."
        )
    if settings.directory_env == "production":
        _check_production(settings)
    if settings.smtp_security not in {"none", "starttls", "tls"}:
        raise ValueError(f"SMTP_SECURITY must be none, starttls or tls, and is {settings.smtp_security!r}.")
    if settings.pages_storage and settings.secret_key == DEVELOPMENT_KEY:
        raise ValueError("PAGES_STORAGE needs a SECRET_KEY: pages are signed with it.")
    if settings.tiles_url and not settings.tiles_attribution:
        raise ValueError("TILES_ATTRIBUTION must be set with TILES_URL: makers of maps ask to be credited.")
    try:
        read_months(settings.field_months)
    except ValueError as error:
        raise ValueError(f"FIELD_MONTHS: {error}") from None


def _check_production(settings: Settings) -> None:
    """What is good enough on a desk and not on the web."""
    keys = {name: getattr(settings, name).strip() for name in SECRETS}
    for name, key in keys.items():
        if key == DEVELOPMENT_KEY or len(key) < SHORTEST_KEY:
            raise ValueError(
                f"{name.upper()} must be set in production: "
                f"a random, secret text of {SHORTEST_KEY} characters or more."
            )
    if len(set(keys.values())) < len(keys):
        names = ", ".join(name.upper() for name in SECRETS)
        raise ValueError(f"{names} must differ: whoever learns one must not have the others.")
    if not settings.public_url.startswith("https://"):
        raise ValueError(
            f"PUBLIC_URL must begin with https:// in production, and is {settings.public_url!r}: "
            "links in letters are made from it, and cookies go over an encrypted connection alone."
        )
