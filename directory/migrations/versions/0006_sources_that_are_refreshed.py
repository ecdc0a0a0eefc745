"""sources that are refreshed, and what has gone from them; grants that others say were made"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    document = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("source", sa.Column("declaration", document, nullable=True))
    op.add_column("source", sa.Column("refresh_days", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("trust", sa.Integer(), nullable=False, server_default="50"))
    for name in ("not_wanted", "gone"):
        op.add_column("import_run", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("import_run", sa.Column("detail", sa.Text(), nullable=True))
    op.add_column("source_record", sa.Column("gone_since", sa.Date(), nullable=True))
    op.create_table(
        "grant_award",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("organization_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("source_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("benefits", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_grant_award_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_grant_award_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_award")),
        sa.UniqueConstraint("source_id", "key", "organization_id", name=op.f("uq_grant_award_source_id")),
    )
    op.create_index(op.f("ix_grant_award_organization_id"), "grant_award", ["organization_id"])


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
