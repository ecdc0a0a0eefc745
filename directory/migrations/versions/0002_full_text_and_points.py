"""Full-text search and, on PostgreSQL, geometry: each database in its own way."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = "name, organization_name, terms, description"

SQLITE = [
    f"""CREATE VIRTUAL TABLE published_text_index USING fts5({COLUMNS},
        content='published_text', content_rowid='published_service_id',
        tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')""",
    f"""CREATE TRIGGER published_text_added AFTER INSERT ON published_text BEGIN
        INSERT INTO published_text_index(rowid, {COLUMNS})
        VALUES (new.published_service_id, new.name, new.organization_name, new.terms, new.description);
    END""",
    f"""CREATE TRIGGER published_text_removed AFTER DELETE ON published_text BEGIN
        INSERT INTO published_text_index(published_text_index, rowid, {COLUMNS})
        VALUES ('delete', old.published_service_id, old.name, old.organization_name, old.terms, old.description);
    END""",
    f"""CREATE TRIGGER published_text_changed AFTER UPDATE ON published_text BEGIN
        INSERT INTO published_text_index(published_text_index, rowid, {COLUMNS})
        VALUES ('delete', old.published_service_id, old.name, old.organization_name, old.terms, old.description);
        INSERT INTO published_text_index(rowid, {COLUMNS})
        VALUES (new.published_service_id, new.name, new.organization_name, new.terms, new.description);
    END""",
]

POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS postgis",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    # unaccent() may change with its dictionary, so PostgreSQL will not index it; this wrapper fixes the dictionary.
    """CREATE FUNCTION directory_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
       AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$""",
    """ALTER TABLE published_text ADD COLUMN words tsvector GENERATED ALWAYS AS (
         setweight(to_tsvector('english'::regconfig, directory_unaccent(name)), 'A') ||
         setweight(to_tsvector('english'::regconfig, directory_unaccent(organization_name)), 'B') ||
         setweight(to_tsvector('english'::regconfig, directory_unaccent(terms)), 'C') ||
         setweight(to_tsvector('english'::regconfig, directory_unaccent(description)), 'D')) STORED""",
    "CREATE INDEX ix_published_text_words ON published_text USING gin (words)",
    """ALTER TABLE published_place ADD COLUMN point geometry(Point, 27700) GENERATED ALWAYS AS (
         ST_SetSRID(ST_MakePoint(easting, northing), 27700)) STORED""",
    "CREATE INDEX ix_published_place_point ON published_place USING gist (point)",
]


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
