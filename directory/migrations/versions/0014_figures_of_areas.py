"""a new token when a figure of an area changes, as for the areas themselves"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SQLITE = [
    f"""CREATE TRIGGER area_value_{event.lower()} AFTER {event} ON area_value BEGIN
        DELETE FROM reference_state WHERE name = 'area_value';
        INSERT INTO reference_state (name, token) VALUES ('area_value', lower(hex(randomblob(16))));
    END"""
    for event in ("INSERT", "UPDATE", "DELETE")
]
POSTGRESQL = [
    """CREATE TRIGGER area_value_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON area_value
        FOR EACH STATEMENT EXECUTE FUNCTION directory_reference_changed()"""
]


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    # What is there already has a token too: answers are kept by these two.
    state = sa.table("reference_state", sa.column("name"), sa.column("token"))
    op.execute(state.delete().where(state.c.name.in_(["area", "area_value"])))
    op.bulk_insert(state, [{"name": name, "token": uuid4().hex} for name in ("area", "area_value")])


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
