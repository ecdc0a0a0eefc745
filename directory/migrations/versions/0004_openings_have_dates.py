"""openings have dates"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("valid_from", "valid_to"):
        op.add_column("published_opening", sa.Column(name, sa.Date(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
