"""Columns of Python values as the body of one INSERT: statement, newline, exactly one block in Native format."""

import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from clickhouse_connect.datatypes import special
from clickhouse_connect.datatypes.base import ClickHouseType
from clickhouse_connect.driver.insert import InsertContext
from clickhouse_connect.driver.transform import NativeTransform

from clickhouse.errors import ClickHouseDataError


class TextUuid(special.UUID, registered=False):
    """A UUID column given as text, the whole of it at once: one by one takes longer than reading the events did."""

    def _write_column_binary(self, column: Sequence[Any], dest: bytearray, ctx: InsertContext) -> None:
        if not column or not isinstance(column[0], str):
            super()._write_column_binary(column, dest, ctx)
            return
        halves = array("Q", bytes.fromhex("".join(column).replace("-", "")))
        if len(halves) != 2 * len(column):
            raise ValueError("a UUID has 32 hexadecimal digits; one of these has more or fewer")
        if sys.byteorder == "little":
            halves.byteswap()
        dest += halves.tobytes()


def insert_body(
    table: str, types: Mapping[str, ClickHouseType], columns: Mapping[str, Sequence[Any]], compression: str | None
) -> bytes:
    """Serialise the columns. Raises `ClickHouseDataError` naming the column that does not fit.

    One block, because a deduplication token names blocks: what is cut in two by chance is not the same block again.
    """
    names = list(columns)
    if unknown := [name for name in names if name not in types]:
        raise ClickHouseDataError(f"{table} has no column {unknown[0]}: run `heliograph migrate`")
    lengths = {name: len(values) for name, values in columns.items()}
    rows = next(iter(lengths.values()), 0)
    if not rows:
        raise ClickHouseDataError(f"an insert into {table} without rows")
    if uneven := [name for name, length in lengths.items() if length != rows]:
        raise ClickHouseDataError(f"{table}.{uneven[0]} has {lengths[uneven[0]]} values where {names[0]} has {rows}")
    context = InsertContext(
        table,
        names,
        [_quick(types[name]) for name in names],
        data=[columns[name] for name in names],
        column_oriented=True,
        compression=compression,
        block_size=rows,
    )
    failures: list[Exception] = []
    body = b"".join(NativeTransform.build_insert(context, failures.append))
    if failures:
        raise ClickHouseDataError(f"{table}: {failures[0]}") from failures[0]
    return body


def _quick(type_: ClickHouseType) -> ClickHouseType:
    return TextUuid(type_.type_def) if type(type_) is special.UUID and not type_.nullable else type_
