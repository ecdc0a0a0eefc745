"""searches that found little: counts by month, area and kind of help"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unmet_search",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "area_code", "category", name=op.f("pk_unmet_search")),
    )


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
