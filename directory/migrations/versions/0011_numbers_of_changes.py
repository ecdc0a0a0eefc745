"""a number for each change of the public copy; the databases' own full-text indexes go"""

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


def upgrade() -> None:
    op.create_table(
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
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
