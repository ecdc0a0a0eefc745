"""what became of referrals, as counts, and which services are full by them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_count",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("service_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("referrals", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_referral_count_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_referral_count_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_count")),
        sa.UniqueConstraint(
            "service_id", "account_id", "month", "outcome", name=op.f("uq_referral_count_service_id")
        ),
    )
    op.create_index(op.f("ix_referral_count_service_id"), "referral_count", ["service_id"])
    op.create_index(op.f("ix_referral_count_account_id"), "referral_count", ["account_id"])
    op.create_table(
        "service_fullness",
        sa.Column("service_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("full_on", sa.Date(), nullable=True),
        sa.Column("free_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_fullness_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_service_fullness")),
    )


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
