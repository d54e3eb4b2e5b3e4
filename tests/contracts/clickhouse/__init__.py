"""What we need of ClickHouse over HTTP, embedded or real."""
