"""Invitations, OpenID identities, shared throttling; campaigns; signature templates; watermarks of periodic jobs.

Revision: 0003. Imports nothing of the product: a migration tells what was true when it was written.
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _identity()
    _tracking()
    _campaigns()
    op.create_table(
        "signature_templates",
        _organisation("signature_templates"),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("defaults", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _user("signature_templates", "updated_by"),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_signature_templates"),
    )
    op.create_table(
        "watermarks",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("done_until", MOMENT, nullable=True),
        sa.Column("owner", sa.String(128), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_watermarks"),
    )


def _identity() -> None:
    with op.batch_alter_table("sessions") as table:
        table.add_column(sa.Column("id", sa.Uuid(), nullable=True))
    sessions = sa.table("sessions", sa.column("id_hash", sa.String()), sa.column("id", sa.Uuid()))
    connection = op.get_bind()
    for id_hash in connection.execute(sa.select(sessions.c.id_hash)).scalars().all():
        connection.execute(sessions.update().where(sessions.c.id_hash == id_hash).values(id=uuid.uuid4()))
    with op.batch_alter_table("sessions") as table:
        table.alter_column("id", existing_type=sa.Uuid(), nullable=False)
        table.create_unique_constraint("uq_sessions_id", ["id"])
    with op.batch_alter_table("api_keys") as table:
        table.add_column(sa.Column("allowed_origins", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("api_keys") as table:
        table.alter_column("allowed_origins", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        _organisation("invitations"),
        _user("invitations", "user_id", is_optional=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        _user("invitations", "invited_by"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )
    op.create_index("ix_invitations_organisation_id", "invitations", ["organisation_id"])
    op.create_index("ix_invitations_user_id", "invitations", ["user_id"])
    op.create_table(
        "oidc_identities",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        _user("oidc_identities", "user_id", is_optional=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_oidc_identities"),
    )
    op.create_index("ix_oidc_identities_user_id", "oidc_identities", ["user_id"])
    op.create_table(
        "signin_failures",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_started_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_signin_failures"),
    )


def _tracking() -> None:
    with op.batch_alter_table("user_tokens") as table:
        table.add_column(sa.Column("ended_because", sa.String(16), nullable=True))
    op.execute("UPDATE user_tokens SET ended_because = 'rotated' WHERE NOT is_active")
    with op.batch_alter_table("organisation_settings") as table:
        table.add_column(sa.Column("department_min_people", sa.Integer(), nullable=False, server_default="5"))
    with op.batch_alter_table("organisation_settings") as table:
        table.alter_column(
            "department_min_people", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        _organisation("campaigns"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("audience_members", sa.JSON(), nullable=False),
        sa.Column("banner_html", sa.Text(), nullable=False),
        _user("campaigns", "created_by"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        sa.CheckConstraint("state IN ('draft', 'active', 'paused', 'ended')", name=op.f("ck_campaigns_state")),
        sa.CheckConstraint("audience IN ('everybody', 'departments', 'people')", name=op.f("ck_campaigns_audience")),
    )
    op.create_index("ix_campaigns_organisation_id_created_at", "campaigns", ["organisation_id", "created_at"])
    op.create_table(
        "campaign_pixels",
        sa.Column("id", sa.Uuid(), nullable=False),
        _organisation("campaign_pixels"),
        _campaign("campaign_pixels"),
        _user("campaign_pixels", "user_id", is_optional=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("department", sa.String(200), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_pixels"),
        sa.UniqueConstraint("campaign_id", "user_id", name="uq_campaign_pixels_campaign_id_user_id"),
        sa.UniqueConstraint("token", name="uq_campaign_pixels_token"),
    )
    for column in ("organisation_id", "campaign_id", "user_id"):
        op.create_index(f"ix_campaign_pixels_{column}", "campaign_pixels", [column])
    op.create_table(
        "campaign_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        _campaign("campaign_runs"),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_runs"),
    )
    op.create_index("ix_campaign_runs_campaign_id", "campaign_runs", ["campaign_id"])


def downgrade() -> None:
    for table in (
        "watermarks",
        "signature_templates",
        "campaign_runs",
        "campaign_pixels",
        "campaigns",
        "signin_failures",
        "oidc_identities",
        "invitations",
    ):
        op.drop_table(table)
    with op.batch_alter_table("organisation_settings") as batch:
        batch.drop_column("department_min_people")
    with op.batch_alter_table("user_tokens") as batch:
        batch.drop_column("ended_because")
    with op.batch_alter_table("api_keys") as batch:
        batch.drop_column("allowed_origins")
    with op.batch_alter_table("sessions") as batch:
        batch.drop_constraint("uq_sessions_id", type_="unique")
        batch.drop_column("id")


def _organisation(table: str) -> sa.Column[uuid.UUID]:
    name = f"fk_{table}_organisation_id_organisations"
    key = sa.ForeignKey("organisations.id", ondelete="CASCADE", name=name)
    return sa.Column("organisation_id", sa.Uuid(), key, nullable=False)


def _user(table: str, column: str, *, is_optional: bool = True) -> sa.Column[uuid.UUID]:
    ondelete = "SET NULL" if is_optional else "CASCADE"
    key = sa.ForeignKey("users.id", ondelete=ondelete, name=f"fk_{table}_{column}_users")
    return sa.Column(column, sa.Uuid(), key, nullable=is_optional)


def _campaign(table: str) -> sa.Column[uuid.UUID]:
    key = sa.ForeignKey("campaigns.id", ondelete="CASCADE", name=f"fk_{table}_campaign_id_campaigns")
    return sa.Column("campaign_id", sa.Uuid(), key, nullable=False)
