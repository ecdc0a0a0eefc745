"""open data: when the public copy changed, and what the standard can say only by identifiers and terms"""

import sqlalchemy as sa
from alembic import op

from directory.models.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_table(
        "published_change",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("organization_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("first_published", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_modified", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_change")),
    )
    op.create_index(op.f("ix_published_change_organization_id"), "published_change", ["organization_id"])
    op.create_index(op.f("ix_published_change_last_modified"), "published_change", ["last_modified"])
    op.create_table(
        "published_link",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("published_service_id", sa.Integer(), nullable=False),
        sa.Column("published_place_id", sa.Integer(), nullable=True),
        sa.Column("location_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_service_id"],
            ["published_service.id"],
            name=op.f("fk_published_link_published_service_id_published_service"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_place_id"],
            ["published_place.id"],
            name=op.f("fk_published_link_published_place_id_published_place"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_link")),
    )
    for column in ("published_service_id", "published_place_id"):
        op.create_index(
            op.f(f"ix_published_link_{column}"), "published_link", [column]
        )
    op.create_table(
        "published_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("published_service_id", sa.Integer(), nullable=True),
        sa.Column("term_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("taxonomy", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["published_organization.organization_id"],
            name=op.f("fk_published_value_organization_id_published_organization"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_service_id"],
            ["published_service.id"],
            name=op.f("fk_published_value_published_service_id_published_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_value")),
    )
    for column in ("organization_id", "published_service_id", "term_id", "taxonomy"):
        op.create_index(op.f(f"ix_published_value_{column}"), "published_value", [column])


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
