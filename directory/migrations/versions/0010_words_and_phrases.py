"""the words of the published texts, and the phrases that widen a search"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_published_word")),
    )
    op.create_table(
        "phrase",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
        sa.UniqueConstraint("key", name=op.f("uq_phrase_key")),
    )


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
