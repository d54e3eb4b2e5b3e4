"""clickhouse-connect's own clients cannot tell the embedded server from a real one."""

import clickhouse_connect


def test_sync_client_reads_and_writes(clickhouse_url: str) -> None:
    client = clickhouse_connect.get_client(dsn=clickhouse_url)
    client.command("CREATE TABLE IF NOT EXISTS smoke (x UInt64, payload JSON) ENGINE = MergeTree ORDER BY x")
    client.insert("smoke", [[1, {"a": 1}]], column_names=["x", "payload"])
    assert client.query("SELECT x, payload FROM smoke WHERE x = {x:UInt64}", {"x": 1}).result_rows == [(1, {"a": 1})]
    client.command("DROP TABLE smoke")
    client.close()
