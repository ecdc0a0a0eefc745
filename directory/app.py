"""Make the application: settings, database, pages, commands."""

from __future__ import annotations

from dataclasses import fields
from importlib import resources
from typing import Any

from flask import Flask, current_app
from jinja2 import StrictUndefined
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from directory import db
from directory.cli import demonstration, feeds, geography, records
from directory.cli.group import commands
from directory.config import Settings, read_settings
from directory.models import PublishedOrganization
from directory.web import (
    embedding,
    errors,
    following,
    maps,
    opendata,
    pages,
    searching,
    security,
    sites,
)
from directory.web.api import routes as api
from directory.web.clock import london_now

# Importing a module of commands adds them to the group.
COMMAND_MODULES = (demonstration, feeds, geography, records)
BLUEPRINTS = (
    pages.home,
    pages.about,
    pages.organisations,
    pages.services,
    searching.blueprint,
    maps.blueprint,
    sites.blueprint,
    api.api,
    opendata.blueprint,
    following.blueprint,
    embedding.blueprint,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with the settings given or those of the environment."""
    settings = settings or read_settings()
    app = Flask("directory", template_folder=str(resources.files("directory.templates")))
    app.config.update({item.name.upper(): getattr(settings, item.name) for item in fields(settings)})
    app.config["CLOCK"] = london_now
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app, settings.url)
    security.init_app(app)
    errors.init_app(app)
    app.cli.add_command(commands)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(_page_values)
    return app


def _page_values() -> dict[str, Any]:
    """What every page shows: the name of the site, and whether its data is made up."""
    return {"site_name": current_app.config["SITE_NAME"], "demonstration": _is_demonstration()}


def _is_demonstration() -> bool:
    query = select(PublishedOrganization.organization_id).where(PublishedOrganization.fictional).limit(1)
    try:
        return db.get_session().scalar(query) is not None
    except SQLAlchemyError:
        # The page that says that something went wrong must not need the database.
        return False
