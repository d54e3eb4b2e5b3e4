"""When a person was last seen, and which thing an audit entry is about.

Revision: 0004. Imports nothing of the product: a migration tells what was true when it was written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What is known of the past: the newest of session, dashboard and used link; max() ignores nulls.
LAST_SEEN = """
UPDATE users SET last_seen_at = (
    SELECT max(seen.at) FROM (
        SELECT last_used_at AS at FROM sessions WHERE sessions.user_id = users.id
        UNION ALL SELECT used_at FROM signin_links WHERE signin_links.user_id = users.id
        UNION ALL SELECT users.dashboard_seen_at
    ) AS seen
)
"""


def upgrade() -> None:
    op.add_column("users", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(LAST_SEEN)
    op.add_column("audit_log", sa.Column("subject_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    # not in a batch: SQLite would make the tables anew, and dropping `users` deletes what refers to it
    op.drop_column("audit_log", "subject_id")
    op.drop_column("users", "last_seen_at")
