"""snapshots of coverage: the figures of places on the days on which they were taken"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from directory.models.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("within_metres", sa.Integer(), nullable=False),
        sa.Column("people_measure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_snapshot")),
        sa.UniqueConstraint("taken_on", name=op.f("uq_coverage_snapshot_taken_on")),
    )
    figures = ("people", "covered_known", "covered_possible", "gap_known", "gap_possible")
    op.create_table(
        "coverage_figure",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in figures),
        sa.Column("known", sa.Integer(), nullable=True),
        sa.Column("possible", sa.Integer(), nullable=True),
        sa.Column("service_ids", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["coverage_snapshot.id"],
            name=op.f("fk_coverage_figure_snapshot_id_coverage_snapshot"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "place", "category", name=op.f("pk_coverage_figure")),
    )
    op.create_index(op.f("ix_coverage_figure_place"), "coverage_figure", ["place"])


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
