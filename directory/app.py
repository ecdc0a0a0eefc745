"""Make the application: settings, database, pages, commands."""

from __future__ import annotations

from dataclasses import fields
from importlib import resources
from typing import Any

from flask import Flask, current_app
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from directory import db
from directory.cli import accounts as account_commands
from directory.cli import audit, demonstration, feeds, geography, letters, network, people, records, upkeep
from directory.cli import coverage as coverage_commands
from directory.cli import merging as merging_commands
from directory.cli import sources as source_commands
from directory.cli.group import commands
from directory.config import Settings, read_settings
from directory.publishing import freshness
from directory.web import (
    access,
    account,
    accounts,
    amending,
    answering,
    auditing,
    bulk_deciding,
    claiming,
    compressing,
    coverage,
    coverage_areas,
    coverage_compare,
    coverage_demand,
    coverage_help,
    coverage_report,
    coverage_what_if,
    deciding,
    desk,
    drafting,
    embedding,
    errors,
    following,
    handing_in,
    history,
    joined,
    keeping,
    kept_files,
    kept_pages,
    languages,
    limits,
    maps,
    matches,
    membership,
    merges,
    opendata,
    pages,
    phrasing,
    reconciliation,
    referral_sums,
    referrals,
    registering,
    reporting,
    reviewing,
    searches,
    searching,
    security,
    sheets,
    shortlist,
    signing_in,
    site_history,
    sites,
    sources,
    still_right,
    suggesting,
    uploading,
)
from directory.web.api import routes as api
from directory.web.clock import london_now
from directory.web.demonstration import is_demonstration

# The pages of one place belong to the blueprint of coverage.
VIEW_MODULES = (coverage_areas,)
# Importing a module of commands adds them to the group.
COMMAND_MODULES = (
    account_commands,
    demonstration,
    coverage_commands,
    geography,
    letters,
    network,
    merging_commands,
    records,
    source_commands,
    upkeep,
    people,
    audit,
    feeds,
)
BLUEPRINTS = (
    pages.home,
    pages.about,
    pages.organisations,
    pages.services,
    searching.blueprint,
    maps.blueprint,
    sites.blueprint,
    sheets.blueprint,
    shortlist.blueprint,
    referrals.blueprint,
    referral_sums.blueprint,
    site_history.blueprint,
    account.blueprint,
    accounts.blueprint,
    still_right.blueprint,
    coverage.blueprint,
    coverage_compare.blueprint,
    coverage_demand.blueprint,
    coverage_help.blueprint,
    coverage_report.blueprint,
    coverage_what_if.blueprint,
    api.api,
    keeping.blueprint,
    uploading.blueprint,
    desk.blueprint,
    searches.blueprint,
    reviewing.blueprint,
    deciding.blueprint,
    bulk_deciding.blueprint,
    answering.blueprint,
    history.blueprint,
    matches.blueprint,
    merges.blueprint,
    auditing.blueprint,
    registering.blueprint,
    drafting.blueprint,
    handing_in.blueprint,
    amending.blueprint,
    claiming.blueprint,
    membership.blueprint,
    reporting.blueprint,
    opendata.blueprint,
    following.blueprint,
    embedding.blueprint,
    sources.blueprint,
    reconciliation.blueprint,
    phrasing.blueprint,
    suggesting.blueprint,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with the settings given or those of the environment."""
    settings = settings or read_settings()
    app = languages.DirectoryApp("directory", template_folder=str(resources.files("directory.templates")))
    app.config.update({item.name.upper(): getattr(settings, item.name) for item in fields(settings)})
    app.config["CLOCK"] = london_now
    app.config["MAX_CONTENT_LENGTH"] = uploading.MOST_REQUEST_BYTES
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compressing.init_app(app)  # first, so that it comes last
    db.init_app(app, settings.url)
    languages.init_app(app)
    app.extensions["session_info"][freshness.RULE] = settings.freshness
    security.init_app(app, settings)
    errors.init_app(app)
    signing_in.init_app(app, settings)
    access.init_app(app)
    joined.init_app(app)
    app.cli.add_command(commands)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    limits.init_app(app, settings)
    kept_pages.init_app(app, settings)
    kept_files.init_app(app)
    app.context_processor(_page_values)
    return app


def _page_values() -> dict[str, Any]:
    """What every page shows: the name of the site, and whether its data is made up."""
    return {"site_name": current_app.config["SITE_NAME"], "demonstration": _is_demonstration()}


def _is_demonstration() -> bool:
    try:
        return is_demonstration(db.get_session())
    except SQLAlchemyError:
        # The page that says that something went wrong must not need the database.
        return False
