"""letters are found by who gets them: the newest one says the language of the next"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_message_recipient"), "outbox_message", ["recipient"])


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
