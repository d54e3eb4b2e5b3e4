from app.sql.prompt import queries_from_terminal


def _typing(monkeypatch, *lines):
    """Let somebody type these lines; an exception is raised at its turn."""
    typed = iter(lines)

    def answer(prompt: str) -> str:
        line = next(typed, EOFError())
        if isinstance(line, BaseException):
            raise line
        return line

    monkeypatch.setattr("builtins.input", answer)


def test_query_ends_with_a_semicolon_and_may_span_lines(monkeypatch):
    _typing(monkeypatch, "", "SELECT 1,", "  2;", "SELECT 3;")
    assert list(queries_from_terminal()) == ["SELECT 1,\n  2;", "SELECT 3;"]


def test_exit_ends_the_prompt(monkeypatch):
    _typing(monkeypatch, "SELECT 1;", "exit;", "SELECT 2;")
    assert list(queries_from_terminal()) == ["SELECT 1;"]


def test_ctrl_c_forgets_what_was_typed(monkeypatch):
    _typing(monkeypatch, "SELECT nonsense", KeyboardInterrupt(), "SELECT 2;")
    assert list(queries_from_terminal()) == ["SELECT 2;"]
