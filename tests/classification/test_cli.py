"""`heliograph classify`."""

import json

import pytest
import typer
from typer.testing import CliRunner

from app.cli_classify import register

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
)


def run(lines: bytes | str, *arguments: str, **env: str) -> tuple[int, list[dict[str, object]], str]:
    app = typer.Typer()
    register(app)
    app.command("other")(lambda: None)
    result = CliRunner().invoke(app, ["classify", *arguments], input=lines, env=env)
    answers = [json.loads(line) for line in result.stdout.splitlines()] if not arguments else []
    return result.exit_code, answers, result.output


def test_each_line_gets_a_line_with_the_agreed_fields() -> None:
    code, answers, _ = run(json.dumps({"user_agent": CHROME}) + "\n" + json.dumps({"user_agent": "curl/8"}))
    assert code == 0
    assert answers[0] == {
        "class": "human",
        "is_counted": True,
        "device": "desktop",
        "confidence": 0.95,
        "reasons": ["browser_plain"],
        "ruleset": 1,
    }
    assert (answers[1]["class"], answers[1]["is_counted"]) == ("script", False)


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b'"text"', b"{}", b'{"user_agent":7}', b'{"user_agent":"x","headers":"y"}', b'{"user_agent":"x","at":"soon"}', b"\xff\xfe"],
)  # fmt: skip
def test_a_bad_line_is_answered_by_an_error_and_the_next_one_is_judged(line: bytes) -> None:
    code, answers, _ = run(line + b'\n\n{"user_agent":"curl/8"}\n')
    assert code == 1
    assert answers[0]["line"] == 1 and isinstance(answers[0]["error"], str)
    assert answers[1]["class"] == "script"


def test_no_user_agent_header_is_an_empty_one() -> None:
    assert run('{"user_agent":null}')[1][0]["reasons"] == ["agent_empty"]
    assert run(json.dumps({"headers": {"User-Agent": CHROME}}))[1][0]["class"] == "human"


def test_headers_address_method_and_times_are_used() -> None:
    lines = [
        {"user_agent": CHROME, "headers": {"Sec-Purpose": "prefetch"}},
        {"user_agent": "Mozilla/5.0", "address": "17.1.2.3"},
        {"user_agent": CHROME, "method": "head"},
        {"user_agent": CHROME, "address": "10.1.2.3"},
        {"user_agent": CHROME, "sent_at": "2026-11-01T10:00:00Z", "at": "2026-11-01T13:00:01+03:00"},
        {"user_agent": CHROME, "sent_at": 1_762_000_000, "at": 1_762_000_060_000},
        {"user_agent": CHROME, "sent_at": 1_762_000_000},
    ]
    code, answers, _ = run("\n".join(map(json.dumps, lines)), KNOWN_NETWORKS="office=10.0.0.0/8")
    assert code == 0
    assert [answer["reasons"][0] for answer in answers] == [  # type: ignore[index]
        "purpose_prefetch",
        "apple_mail_privacy",
        "method_not_get",
        "network_own_office",
        "opened_within_seconds",
        "browser_plain",
        "browser_plain",
    ]


def test_explain_is_a_table_with_sentences() -> None:
    code, _, output = run(json.dumps({"user_agent": "Mozilla/5.0"}) + "\n{", "--explain", COLUMNS="200")
    assert code == 1
    assert "Apple Mail Privacy Protection" in output and "not JSON" in output


def test_a_ruleset_that_does_not_exist_is_refused_with_those_that_do() -> None:
    code, _, output = run("", "--ruleset", "99")
    assert code == 2 and "choose from 1" in output


def test_networks_that_cannot_be_read_are_told_before_any_line() -> None:
    code, _, output = run('{"user_agent":"x"}', "--explain", KNOWN_NETWORKS="office")
    assert code == 2 and "office=203.0.113.0/24" in output


def across(lines: list[dict[str, object]], *arguments: str, **env: str) -> list[dict[str, object]]:
    app = typer.Typer()
    register(app)
    app.command("other")(lambda: None)
    result = CliRunner().invoke(app, ["classify", *arguments], input="\n".join(map(json.dumps, lines)), env=env)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def walk(tokens: int, **more: object) -> list[dict[str, object]]:
    at = 1_762_000_000_000
    line = {"user_agent": CHROME, "address": "192.0.2.7"} | more
    return [line | {"at": at + 300 * number, "token": f"token-{number}"} for number in range(tokens)]


def test_across_judges_lines_of_one_visitor_together() -> None:
    reader = {"user_agent": CHROME, "address": "192.0.2.8", "at": 1_762_000_000_000, "token": "token-1"}
    answers = across([*walk(30), reader, {"user_agent": "curl/8"}, *walk(24, address="192.0.2.9")], "--across")
    assert [answer["class"] for answer in answers] == ["scanner"] * 30 + ["human", "script"] + ["human"] * 24
    assert answers[0] == {
        "class": "scanner",
        "is_counted": False,
        "device": "desktop",
        "confidence": 0.85,
        "reasons": ["behaviour_many_tokens"],
        "ruleset": 1,
    }


@pytest.mark.parametrize("left_out", ["at", "address", "token"])
def test_across_a_line_without_time_address_or_token_is_judged_alone(left_out: str) -> None:
    lines = [{name: value for name, value in line.items() if name != left_out} for line in walk(30)]
    assert {answer["class"] for answer in across(lines, "--across")} == {"human"}


def test_without_across_each_line_is_judged_alone_whatever_it_holds() -> None:
    assert {answer["class"] for answer in across(walk(30))} == {"human"}


def test_across_exempts_shared_addresses_and_heeds_the_settings() -> None:
    assert {a["class"] for a in across(walk(30), "--across", KNOWN_NETWORKS="shared-a=192.0.2.0/24")} == {"human"}
    assert {a["class"] for a in across(walk(30), "--across", BEHAVIOUR_MANY_TOKENS="0")} == {"human"}
    assert {a["class"] for a in across(walk(5), "--across", BEHAVIOUR_MANY_TOKENS="5")} == {"scanner"}


def test_across_explains_in_words() -> None:
    app = typer.Typer()
    register(app)
    app.command("other")(lambda: None)
    lines = "\n".join(map(json.dumps, walk(30)))
    result = CliRunner().invoke(app, ["classify", "--across", "--explain"], input=lines, env={"COLUMNS": "200"})
    assert "many different people" in result.output


def test_across_a_token_that_is_no_text_is_an_error_of_its_line() -> None:
    code, _, output = run('{"user_agent":"x","token":7}', "--across")
    assert code == 1
    assert "token must be text" in output
