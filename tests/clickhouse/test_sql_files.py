import pytest

from clickhouse.sql_files import (
    CHECKS,
    COMMANDS,
    MIGRATIONS,
    BadSqlFileError,
    checksum,
    compact,
    fill,
    read_check,
    read_queries,
    read_query,
    statements,
)


def test_statements_are_cut_at_semicolons_outside_of_strings_names_and_comments():
    text = """
    -- a comment; with a semicolon
    SELECT 'a;b', "c;d", `e;f` /* g;h
    */;
    SELECT 'it''s; \\'fine\\';' -- and; this
    ;
    -- nothing but a comment;
    """
    assert [s.splitlines()[-1].strip() for s in statements(text)] == ["*/", "SELECT 'it''s; \\'fine\\';' -- and; this"]


def test_what_is_asked_has_no_comments_and_means_the_same():
    written = "-- head; of it\nSELECT  'a  -- b;', `x  y`, \"p  q\" -- why; so\n    /* or\n so */ FROM t"
    assert compact(written) == "SELECT 'a  -- b;', `x  y`, \"p  q\" FROM t"


def test_last_statement_needs_no_semicolon():
    assert statements("SELECT 1; SELECT 2") == ["SELECT 1", "SELECT 2"]


def test_checksum_does_not_depend_on_line_ends():
    assert checksum("SELECT 1\r\nFROM t") == checksum("SELECT 1\nFROM t") != checksum("SELECT 2\nFROM t")


def test_query_without_a_complete_header_is_refused_by_name(tmp_path):
    path = tmp_path / "lonely.sql"
    path.write_text("-- answers: something\n-- parameters: none\nSELECT 1;")
    with pytest.raises(BadSqlFileError, match=r"lonely\.sql: the header lacks `-- one row is"):
        read_query(path)


def test_query_of_two_statements_is_refused(tmp_path):
    path = tmp_path / "two.sql"
    path.write_text("-- answers: a\n-- parameters: b\n-- one row is: c\nSELECT 1; SELECT 2;")
    with pytest.raises(BadSqlFileError, match="holds 2 statements"):
        read_query(path)


def test_header_lines_may_go_on(tmp_path):
    path = tmp_path / "long.sql"
    path.write_text("-- answers: one\n-- and two\n-- parameters: none\n-- one row is: x\nSELECT 1;")
    assert read_query(path).answers == "one and two"


def test_fill_writes_names_and_numbers_and_leaves_parameters_to_the_server():
    filled = fill("ALTER TABLE {t:Identifier} DROP PARTITION ID '{m:UInt32}', {x:String}", t="opens_15m", m=202511)
    assert filled == "ALTER TABLE opens_15m DROP PARTITION ID '202511', {x:String}"


@pytest.mark.parametrize(
    ("sql", "value"),
    [("{t:Identifier}", "a; DROP TABLE b"), ("{t:Identifier}", "a b"), ("{t:UInt32}", "1; x"), ("{t:String}", "x")],
)
def test_fill_refuses_what_is_neither_a_plain_name_nor_a_number(sql, value):
    with pytest.raises(BadSqlFileError):
        fill(sql, t=value)


def test_every_query_of_the_product_is_listed_in_the_readme():
    readme = (MIGRATIONS.parent / "queries" / "README.md").read_text()
    for name in read_queries():
        assert f"| `{name}` |" in readme


def test_every_check_can_be_read():
    assert {read_check(path).by for path in CHECKS.glob("*.sql")} == {"month", "slice"}


def test_every_command_says_what_it_is_for():
    for path in COMMANDS.glob("*.sql"):
        assert path.read_text().startswith("-- "), path.name


def test_every_statement_of_a_migration_can_be_carried_out_twice():
    for path in MIGRATIONS.glob("*.sql"):
        for statement in statements(path.read_text()):
            assert "IF NOT EXISTS" in statement or "IF EXISTS" in statement, f"{path.name}: {statement[:80]}"
