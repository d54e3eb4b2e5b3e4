"""The first tables: identity, tracking, and what the path of one open needs.

Revision: 0001. Imports nothing of the product: a migration tells what was true when it was written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        _organisation("users"),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("job_title", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(64), nullable=False),
        sa.Column("department", sa.String(200), nullable=True),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("dashboard_seen_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("organisation_id", "email", name="uq_users_organisation_id_email"),
        sa.CheckConstraint("role IN ('owner', 'admin', 'member', 'analyst')", name=op.f("ck_users_role")),
        sa.CheckConstraint("locale IN ('en', 'ar')", name=op.f("ck_users_locale")),
    )
    op.create_index("ix_users_email", "users", ["email"])
    op.create_table(
        "sessions",
        sa.Column("id_hash", sa.String(64), nullable=False),
        _user("sessions"),
        sa.Column("csrf_token", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("user_agent", sa.String(256), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        _organisation("api_keys"),
        _user("api_keys"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
    )
    op.create_index("ix_api_keys_organisation_id", "api_keys", ["organisation_id"])
    op.create_index("ix_api_keys_user_id", "api_keys", ["user_id"])
    op.create_table(
        "signin_links",
        sa.Column("token_hash", sa.String(64), nullable=False),
        _user("signin_links"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_signin_links"),
    )
    op.create_index("ix_signin_links_user_id", "signin_links", ["user_id"])
    op.create_table(
        "user_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        _organisation("user_tokens"),
        _user("user_tokens"),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deactivated_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_user_tokens"),
        sa.UniqueConstraint("token", name="uq_user_tokens_token"),
    )
    op.create_index("ix_user_tokens_organisation_id", "user_tokens", ["organisation_id"])
    op.create_index("ix_user_tokens_user_id", "user_tokens", ["user_id"])
    op.create_index(
        "uq_user_tokens_active_user",
        "user_tokens",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "organisation_settings",
        _organisation("organisation_settings"),
        sa.Column("user_tracking_enabled", sa.Boolean(), nullable=False),
        sa.Column("campaign_tracking_enabled", sa.Boolean(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("show_user_dashboard", sa.Boolean(), nullable=False),
        sa.Column("exclude_bots", sa.Boolean(), nullable=False),
        sa.Column("record_country", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_organisation_settings"),
    )
    op.create_table(
        "salts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_salts"),
    )
    op.create_table(
        "block_ledger",
        sa.Column("topic", sa.String(128), nullable=False),
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("life", sa.String(128), nullable=False),
        sa.Column("first_offset", sa.BigInteger(), nullable=True),
        sa.Column("last_offset", sa.BigInteger(), nullable=True),
        sa.Column("token", sa.String(255), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("topic", "partition", name="pk_block_ledger"),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("ck_block_ledger_state")),
    )
    op.create_table(
        "maintenance_holds",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_maintenance_holds"),
    )


def downgrade() -> None:
    for table in (
        "maintenance_holds",
        "block_ledger",
        "salts",
        "organisation_settings",
        "user_tokens",
        "signin_links",
        "api_keys",
        "sessions",
        "users",
        "organisations",
    ):
        op.drop_table(table)


def _organisation(table: str) -> sa.Column[object]:
    name = f"fk_{table}_organisation_id_organisations"
    key = sa.ForeignKey("organisations.id", name=name, ondelete="CASCADE")
    return sa.Column("organisation_id", sa.Uuid(), key, nullable=False)


def _user(table: str) -> sa.Column[object]:
    key = sa.ForeignKey("users.id", name=f"fk_{table}_user_id_users", ondelete="CASCADE")
    return sa.Column("user_id", sa.Uuid(), key, nullable=False)
