"""`heliograph classify`."""

import json

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
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
    [
        b"", b"  ", b"{", b"[]", b'"text"', b"{}", b'{"user_agent":7}', b'{"user_agent":"x","headers":"y"}', b'{"user_agent":"x","at":"soon"}', b"\xff\xfe", b"\0",
        b'{"user_agent":"x","at":1e300}', b'{"user_agent":"x","at":NaN}', b'{"user_agent":"x","at":true}', b'{"user_agent":"x","method":5}', b"[" * 100_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_bad_line_is_answered_by_an_error_and_the_next_one_is_judged(line: bytes, end: bytes) -> None:
    code, answers, _ = run(line + end + b'{"user_agent":"curl/8"}')
    assert code == 1
    assert len(answers) == 2
    assert answers[0]["line"] == 1 and isinstance(answers[0]["error"], str)
    assert answers[1]["class"] == "script"


@settings(max_examples=60)
@given(
    st.lists(st.binary(max_size=60).filter(lambda line: b"\n" not in line), max_size=4),
    st.sampled_from([b"\n", b"", b"\n\n", b"\r\n \n"]),
)
def test_as_many_lines_come_out_as_went_in_whatever_stands_behind_the_last(lines: list[bytes], end: bytes) -> None:
    _, answers, _ = run(b"\n".join([*lines, b'{"user_agent":"curl/8"}']) + end)
    assert len(answers) == len(lines) + 1
    assert "class" in answers[-1]


def test_nothing_but_blank_lines_is_nothing_to_judge() -> None:
    assert run(b"\n\n")[:2] == (0, [])


@pytest.mark.parametrize(
    "line", [b'{"user_agent":"curl/8 \xe9"}', b'{"user_agent":"curl/8 \0"}', b'{"user_agent":"curl/8 \\ud800"}']
)
def test_a_user_agent_that_json_refuses_is_judged_all_the_same(line: bytes) -> None:
    assert run(line)[1][0]["class"] == "script"


def test_a_field_by_another_name_is_pointed_out() -> None:
    assert 'there is "User-Agent"' in str(run('{"User-Agent":"x"}')[1][0]["error"])


@pytest.mark.parametrize(
    "headers",
    [
        {"PURPOSE": "prefetch"}, {"Sec-Purpose": ["prefetch", "prerender"]}, {"X-Purpose": "preview"}, {"x-moz": "prefetch"},
        {"sec-purpose": "", "Purpose": "prefetch"}, {"Purpose": None, "X-Moz": "prefetch"}, [["Accept", "*/*"], ["Purpose", "prefetch"]],
    ],
)  # fmt: skip
def test_a_prefetch_is_seen_however_its_header_is_written(headers: object) -> None:
    assert run(json.dumps({"user_agent": CHROME, "headers": headers}))[1][0]["reasons"] == ["purpose_prefetch"]


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", " 10.1.2.3 ", "10.1.2.3:443", "10.1.2.3, 192.0.2.1", "::ffff:10.1.2.3", "2001:db8::1", "[2001:db8::1]:443", "2001:db8::1%eth0"],
)  # fmt: skip
def test_an_address_is_found_with_port_brackets_and_zone(address: str) -> None:
    line = json.dumps({"user_agent": CHROME, "address": address})
    assert run(line, KNOWN_NETWORKS="office=10.0.0.0/8,office-six=2001:db8::/32")[1][0]["class"] == "self"


@pytest.mark.parametrize("address", ["garbage", "", "999.1.1.1", "::::", None])
def test_an_address_that_cannot_be_read_belongs_to_no_network(address: str | None) -> None:
    assert run(json.dumps({"user_agent": CHROME, "address": address}))[1][0]["class"] == "human"


@pytest.mark.parametrize(
    ("sent_at", "at"),
    [
        (1_762_000_000, 1_762_000_001), ("1762000000", "1762000001.5"), (1_762_000_000_000, 1_762_000_001), (1_762_000_000_000_000, 1_762_000_001_000_000),
        ("2025-11-01T12:26:40Z", "2025-11-01T15:26:41+03:00"), ("2025-11-01 12:26:40", "2025-11-01T12:26:41"),
        ("Sat, 01 Nov 2025 12:26:40 GMT", "Sat, 01 Nov 2025 15:26:41 +0300"),
    ],
)  # fmt: skip
def test_times_are_read_however_they_are_written(sent_at: object, at: object) -> None:
    reasons = run(json.dumps({"user_agent": CHROME, "sent_at": sent_at, "at": at}))[1][0]["reasons"]
    assert reasons == ["opened_within_seconds", "browser_plain"]


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
