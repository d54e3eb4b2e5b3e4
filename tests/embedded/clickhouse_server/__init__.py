"""Tests of the embedded ClickHouse's parts."""
