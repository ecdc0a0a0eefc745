"""one organisation once: records found alike, and records that were joined"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from directory.models.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "matched_pair",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("left_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("right_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("reasons", json, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("left_keys", json, nullable=False),
        sa.Column("right_keys", json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["account.id"],
            name=op.f("fk_matched_pair_decided_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matched_pair")),
        sa.UniqueConstraint("left_id", "right_id", name=op.f("uq_matched_pair_left_id")),
    )
    op.create_index(op.f("ix_matched_pair_right_id"), "matched_pair", ["right_id"])
    op.create_index(op.f("ix_matched_pair_state"), "matched_pair", ["state"])
    op.create_table(
        "organization_merge",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("organization_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("gone_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("pair_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("merged_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, json, nullable=False) for name in ("kept_document", "gone_document", "document")),
        *(sa.Column(name, json, nullable=False) for name in ("choices", "rows")),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("undone_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["matched_pair.id"],
            name=op.f("fk_organization_merge_pair_id_matched_pair"),
            ondelete="SET NULL",
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["account.id"], name=op.f(f"fk_organization_merge_{name}_account"), ondelete="SET NULL"
            )
            for name in ("account_id", "undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_merge")),
    )
    for name in ("organization_id", "gone_id", "merged_at"):
        op.create_index(op.f(f"ix_organization_merge_{name}"), "organization_merge", [name])
    op.create_table(
        "merged_id",
        sa.Column("old_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("new_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("merge_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["organization_merge.id"],
            name=op.f("fk_merged_id_merge_id_organization_merge"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_merged_id")),
    )
    for name in ("new_id", "merge_id"):
        op.create_index(op.f(f"ix_merged_id_{name}"), "merged_id", [name])


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
