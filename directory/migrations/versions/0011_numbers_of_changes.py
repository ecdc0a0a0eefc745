"""a number for each change of the public copy, a token for each of terms and places; full-text indexes go"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# The search of every database is in columns that the web process keeps (docs/decisions/0012).
SQLITE = [
    "DROP TRIGGER published_text_added",
    "DROP TRIGGER published_text_removed",
    "DROP TRIGGER published_text_changed",
    "DROP TABLE published_text_index",
]
POSTGRESQL = ["ALTER TABLE published_text DROP COLUMN words"]


# What pages keep is kept by the state of these tables, which the database itself notes: whoever writes.
REFERENCE = ("phrase", "taxonomy", "taxonomy_term", "area", "site", "postcode")
SQLITE += [
    f"""CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} BEGIN
        DELETE FROM reference_state WHERE name = '{table}';
        INSERT INTO reference_state (name, token) VALUES ('{table}', lower(hex(randomblob(16))));
    END"""
    for table in REFERENCE
    for event in ("INSERT", "UPDATE", "DELETE")
]
POSTGRESQL += [
    """CREATE FUNCTION directory_reference_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO reference_state (name, token) VALUES (TG_TABLE_NAME, gen_random_uuid()::text)
            ON CONFLICT (name) DO UPDATE SET token = excluded.token;
        RETURN NULL;
    END $$""",
    *(
        f"""CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION directory_reference_changed()"""
        for table in REFERENCE
    ),
]


def upgrade() -> None:
    op.create_table(
        "reference_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reference_state")),
    )
    batches = op.create_table(
        "published_batch",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column(
            "organization_ids",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_published_batch")),
    )
    # What is published already is the first change of all.
    op.bulk_insert(batches, [{"number": 1, "token": str(uuid4()), "organization_ids": []}])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
