"""Alembic's entry: run by directory.db.upgrade, or by the alembic command with DATABASE_URL set."""

import os

from alembic import context
from sqlalchemy import Connection

from directory.db import make_engine
from directory.models import Base


def run(connection: Connection) -> None:
    """Run the migrations over an open connection."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is not None:
    run(connection)
else:
    with make_engine(os.environ["DATABASE_URL"]).begin() as opened:
        run(opened)
