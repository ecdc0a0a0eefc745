"""the first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('area',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('authority_code', sa.Text(), nullable=True),
    sa.Column('easting', sa.Double(), nullable=False),
    sa.Column('northing', sa.Double(), nullable=False),
    sa.Column('west', sa.Double(), nullable=False),
    sa.Column('south', sa.Double(), nullable=False),
    sa.Column('east', sa.Double(), nullable=False),
    sa.Column('north', sa.Double(), nullable=False),
    sa.Column('outline', sa.LargeBinary(), nullable=False),
    sa.Column('fictional', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_area'))
    )
    with op.batch_alter_table('area', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_area_authority_code'), ['authority_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_area_level'), ['level'], unique=False)
        batch_op.create_index(batch_op.f('ix_area_name'), ['name'], unique=False)

    op.create_table('area_link',
    sa.Column('from_code', sa.Text(), nullable=False),
    sa.Column('to_code', sa.Text(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('from_code', 'to_code', 'relation', name=op.f('pk_area_link'))
    )
    op.create_table('location',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('location_type', sa.Text(), nullable=False),
    sa.Column('protection', sa.Text(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('easting', sa.Integer(), nullable=True),
    sa.Column('northing', sa.Integer(), nullable=True),
    sa.Column('point_source', sa.Text(), nullable=True),
    sa.Column('lsoa_code', sa.Text(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.Column('authority_code', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_location'))
    )
    op.create_table('postcode',
    sa.Column('postcode', sa.Text(), nullable=False),
    sa.Column('easting', sa.Integer(), nullable=True),
    sa.Column('northing', sa.Integer(), nullable=True),
    sa.Column('quality', sa.Integer(), nullable=True),
    sa.Column('authority_code', sa.Text(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('postcode', name=op.f('pk_postcode'))
    )
    op.create_table('published_organization',
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('fictional', sa.Boolean(), nullable=False),
    sa.Column('source_slug', sa.Text(), nullable=False),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('organization_id', name=op.f('pk_published_organization'))
    )
    with op.batch_alter_table('published_organization', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_published_organization_name'), ['name'], unique=False)

    op.create_table('secret',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_secret'))
    )
    op.create_table('site',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('authority_code', sa.Text(), nullable=False),
    sa.Column('points', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('area_codes', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('outline', sa.LargeBinary(), nullable=True),
    sa.Column('radius_metres', sa.Integer(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site')),
    sa.UniqueConstraint('slug', name=op.f('uq_site_slug'))
    )
    op.create_table('source',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('publisher', sa.Text(), nullable=True),
    sa.Column('licence', sa.Text(), nullable=True),
    sa.Column('licence_url', sa.Text(), nullable=True),
    sa.Column('attribution', sa.Text(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('retrieved_on', sa.Date(), nullable=True),
    sa.Column('fictional', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source')),
    sa.UniqueConstraint('slug', name=op.f('uq_source_slug'))
    )
    op.create_table('taxonomy',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_taxonomy')),
    sa.UniqueConstraint('name', name=op.f('uq_taxonomy_name'))
    )
    op.create_table('accessibility',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('location_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('details', sa.Text(), nullable=True),
    sa.Column('url', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['location_id'], ['location.id'], name=op.f('fk_accessibility_location_id_location'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accessibility'))
    )
    with op.batch_alter_table('accessibility', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accessibility_location_id'), ['location_id'], unique=False)

    op.create_table('address',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('location_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('address_1', sa.Text(), nullable=True),
    sa.Column('address_2', sa.Text(), nullable=True),
    sa.Column('city', sa.Text(), nullable=True),
    sa.Column('region', sa.Text(), nullable=True),
    sa.Column('postal_code', sa.Text(), nullable=True),
    sa.Column('country', sa.Text(), nullable=False),
    sa.Column('address_type', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['location_id'], ['location.id'], name=op.f('fk_address_location_id_location'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address'))
    )
    with op.batch_alter_table('address', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_address_location_id'), ['location_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_address_postal_code'), ['postal_code'], unique=False)

    op.create_table('area_value',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('source_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_area_value_source_id_source')),
    sa.PrimaryKeyConstraint('code', 'measure', name=op.f('pk_area_value'))
    )
    op.create_table('import_run',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('source_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('not_understood', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_import_run_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_run_source_id'), ['source_id'], unique=False)

    op.create_table('organization',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('alternate_name', sa.Text(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('website', sa.Text(), nullable=True),
    sa.Column('uri', sa.Text(), nullable=True),
    sa.Column('logo', sa.Text(), nullable=True),
    sa.Column('parent_organization_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('fictional', sa.Boolean(), nullable=False),
    sa.Column('last_modified', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_organization_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organization'))
    )
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organization_name'), ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_organization_source_id'), ['source_id'], unique=False)

    op.create_table('published_service',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('organization_name', sa.Text(), nullable=False),
    sa.Column('minimum_age', sa.Integer(), nullable=True),
    sa.Column('maximum_age', sa.Integer(), nullable=True),
    sa.Column('cost', sa.Text(), nullable=True),
    sa.Column('hours_known', sa.Boolean(), nullable=False),
    sa.Column('place_known', sa.Boolean(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('fictional', sa.Boolean(), nullable=False),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['published_organization.organization_id'], name=op.f('fk_published_service_organization_id_published_organization'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_service')),
    sa.UniqueConstraint('service_id', name=op.f('uq_published_service_service_id'))
    )
    with op.batch_alter_table('published_service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_published_service_organization_id'), ['organization_id'], unique=False)

    op.create_table('taxonomy_term',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('taxonomy_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('synonyms', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['taxonomy_term.id'], name=op.f('fk_taxonomy_term_parent_id_taxonomy_term')),
    sa.ForeignKeyConstraint(['taxonomy_id'], ['taxonomy.id'], name=op.f('fk_taxonomy_term_taxonomy_id_taxonomy'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_taxonomy_term')),
    sa.UniqueConstraint('taxonomy_id', 'code', name=op.f('uq_taxonomy_term_taxonomy_id'))
    )
    op.create_table('attribute',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('link_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('link_entity', sa.Text(), nullable=False),
    sa.Column('link_type', sa.Text(), nullable=False),
    sa.Column('taxonomy_term_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('value', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['taxonomy_term_id'], ['taxonomy_term.id'], name=op.f('fk_attribute_taxonomy_term_id_taxonomy_term')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attribute'))
    )
    with op.batch_alter_table('attribute', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attribute_link_id'), ['link_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attribute_taxonomy_term_id'), ['taxonomy_term_id'], unique=False)

    op.create_table('organization_identifier',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('identifier_scheme', sa.Text(), nullable=False),
    sa.Column('identifier_type', sa.Text(), nullable=False),
    sa.Column('identifier', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_organization_identifier_organization_id_organization'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organization_identifier'))
    )
    with op.batch_alter_table('organization_identifier', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organization_identifier_identifier'), ['identifier'], unique=False)
        batch_op.create_index(batch_op.f('ix_organization_identifier_organization_id'), ['organization_id'], unique=False)

    op.create_table('published_area',
    sa.Column('published_service_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['published_service_id'], ['published_service.id'], name=op.f('fk_published_area_published_service_id_published_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('published_service_id', 'code', name=op.f('pk_published_area'))
    )
    with op.batch_alter_table('published_area', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_published_area_code'), ['code'], unique=False)

    op.create_table('published_opening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('published_service_id', sa.Integer(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('opens_minute', sa.Integer(), nullable=False),
    sa.Column('closes_minute', sa.Integer(), nullable=False),
    sa.Column('every_week', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['published_service_id'], ['published_service.id'], name=op.f('fk_published_opening_published_service_id_published_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_opening'))
    )
    with op.batch_alter_table('published_opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_published_opening_published_service_id'), ['published_service_id'], unique=False)
        batch_op.create_index('ix_published_opening_span', ['weekday', 'opens_minute', 'closes_minute'], unique=False)

    op.create_table('published_place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('published_service_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('postcode', sa.Text(), nullable=True),
    sa.Column('precision', sa.Text(), nullable=False),
    sa.Column('easting', sa.Integer(), nullable=True),
    sa.Column('northing', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('lsoa_code', sa.Text(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.Column('authority_code', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['published_service_id'], ['published_service.id'], name=op.f('fk_published_place_published_service_id_published_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_place'))
    )
    with op.batch_alter_table('published_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_published_place_authority_code'), ['authority_code'], unique=False)
        batch_op.create_index('ix_published_place_grid', ['easting', 'northing'], unique=False)
        batch_op.create_index(batch_op.f('ix_published_place_published_service_id'), ['published_service_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_published_place_ward_code'), ['ward_code'], unique=False)

    op.create_table('published_term',
    sa.Column('published_service_id', sa.Integer(), nullable=False),
    sa.Column('facet', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['published_service_id'], ['published_service.id'], name=op.f('fk_published_term_published_service_id_published_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('published_service_id', 'facet', 'code', name=op.f('pk_published_term'))
    )
    with op.batch_alter_table('published_term', schema=None) as batch_op:
        batch_op.create_index('ix_published_term_facet_code', ['facet', 'code'], unique=False)

    op.create_table('published_text',
    sa.Column('published_service_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('organization_name', sa.Text(), nullable=False),
    sa.Column('terms', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['published_service_id'], ['published_service.id'], name=op.f('fk_published_text_published_service_id_published_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('published_service_id', name=op.f('pk_published_text'))
    )
    op.create_table('review_flag',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('run_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_review_flag_organization_id_organization'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_review_flag_run_id_import_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_flag'))
    )
    with op.batch_alter_table('review_flag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_flag_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_flag_reason'), ['reason'], unique=False)

    op.create_table('revision',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('run_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_revision_run_id_import_run')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_revision_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision')),
    sa.UniqueConstraint('organization_id', 'number', name=op.f('uq_revision_organization_id'))
    )
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revision_organization_id'), ['organization_id'], unique=False)

    op.create_table('service',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('alternate_name', sa.Text(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('alert', sa.Text(), nullable=True),
    sa.Column('application_process', sa.Text(), nullable=True),
    sa.Column('fees', sa.Text(), nullable=True),
    sa.Column('accreditations', sa.Text(), nullable=True),
    sa.Column('minimum_age', sa.Integer(), nullable=True),
    sa.Column('maximum_age', sa.Integer(), nullable=True),
    sa.Column('assured_date', sa.Date(), nullable=True),
    sa.Column('notes', sa.Text(), nullable=True),
    sa.Column('fictional', sa.Boolean(), nullable=False),
    sa.Column('last_modified', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_service_organization_id_organization'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service'))
    )
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_organization_id'), ['organization_id'], unique=False)

    op.create_table('source_record',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('source_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('checksum', sa.Text(), nullable=False),
    sa.Column('run_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_source_record_organization_id_organization'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_source_record_run_id_import_run')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_source_record_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_record')),
    sa.UniqueConstraint('source_id', 'key', name=op.f('uq_source_record_source_id'))
    )
    with op.batch_alter_table('source_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_source_record_organization_id'), ['organization_id'], unique=False)

    op.create_table('contact',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('consent_date', sa.Date(), nullable=True),
    sa.Column('consent_scope', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_contact_organization_id_organization'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_contact_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_service_id'), ['service_id'], unique=False)

    op.create_table('cost_option',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('option', sa.Text(), nullable=True),
    sa.Column('amount', sa.Double(), nullable=True),
    sa.Column('amount_description', sa.Text(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_cost_option_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cost_option'))
    )
    with op.batch_alter_table('cost_option', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cost_option_service_id'), ['service_id'], unique=False)

    op.create_table('funding',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_funding_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_funding'))
    )
    with op.batch_alter_table('funding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_funding_service_id'), ['service_id'], unique=False)

    op.create_table('language',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_language_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_language'))
    )
    with op.batch_alter_table('language', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_language_service_id'), ['service_id'], unique=False)

    op.create_table('schedule',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('freq', sa.Text(), nullable=True),
    sa.Column('interval', sa.Integer(), nullable=True),
    sa.Column('byday', sa.Text(), nullable=True),
    sa.Column('bymonthday', sa.Text(), nullable=True),
    sa.Column('dtstart', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('opens_at', sa.Text(), nullable=True),
    sa.Column('closes_at', sa.Text(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('notes', sa.Text(), nullable=True),
    sa.Column('attending_type', sa.Text(), nullable=True),
    sa.Column('schedule_link', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_schedule_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule'))
    )
    with op.batch_alter_table('schedule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_schedule_service_id'), ['service_id'], unique=False)

    op.create_table('service_area',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('extent', sa.Text(), nullable=True),
    sa.Column('extent_type', sa.Text(), nullable=True),
    sa.Column('uri', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_service_area_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_area'))
    )
    with op.batch_alter_table('service_area', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_area_extent'), ['extent'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_area_service_id'), ['service_id'], unique=False)

    op.create_table('service_at_location',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('location_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['location_id'], ['location.id'], name=op.f('fk_service_at_location_location_id_location'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_service_at_location_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_at_location'))
    )
    with op.batch_alter_table('service_at_location', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_at_location_location_id'), ['location_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_at_location_service_id'), ['service_id'], unique=False)

    op.create_table('phone',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('organization_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('service_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('contact_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_phone_contact_id_contact'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_phone_organization_id_organization'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_phone_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone'))
    )
    with op.batch_alter_table('phone', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_phone_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_phone_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_phone_service_id'), ['service_id'], unique=False)



def downgrade() -> None:
    raise NotImplementedError("Go back by restoring a backup.")
