"""The event log: client, migrations, views and named queries."""
