import asyncio
import re

import pytest
import typer
from typer.testing import CliRunner

from app.cli_people import register
from app.identity.service import bootstrap_organisation
from app.store.database import Database


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("PUBLIC_URL", "https://opens.acme.test")
    monkeypatch.setenv("COLLECTOR_PUBLIC_URL", "https://pixel.acme.test")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    app = typer.Typer()
    register(app)

    async def bootstrap() -> None:
        database = Database(database_url)
        async with database.session() as session:
            await bootstrap_organisation(
                session, name="Acme", owner_email="owner@acme.test", owner_name="Olga", time_zone="UTC"
            )
        await database.dispose()

    asyncio.run(bootstrap())
    return lambda *arguments, columns="200": CliRunner().invoke(app, ["users", *arguments], env={"COLUMNS": columns})


def test_everybody_is_listed(run) -> None:  # type: ignore[no-untyped-def]
    assert run("add", "New@acme.test", "--name", "Nora New", "--role", "analyst").exit_code == 0
    listed = run("list").output
    assert re.search(r"Acme\W+new@acme.test\W+Nora New\W+analyst", listed)
    assert "owner@acme.test" in listed


def test_a_narrow_terminal_cuts_no_address(run) -> None:  # type: ignore[no-untyped-def]
    assert run("add", "a.very.long.name.indeed@acme.test", "--name", "Nora New").exit_code == 0
    listed = run("list", columns="60").output
    assert "…" not in listed
    column = "".join(line.split("│")[2].strip() for line in listed.splitlines() if line.count("│") > 2)
    assert "a.very.long.name.indeed@acme.test" in column


def test_a_lost_link_is_made_anew(run) -> None:  # type: ignore[no-untyped-def]
    first, second = run("signin-link", "owner@acme.test").output, run("signin-link", "OWNER@acme.test").output
    assert re.fullmatch(r"https://opens\.acme\.test/signin/[\w-]{43}\n", first)
    assert first != second


def test_a_rotated_token_is_a_new_pixel_even_without_redis(run) -> None:  # type: ignore[no-untyped-def]
    first, second = run("rotate-token", "owner@acme.test"), run("rotate-token", "owner@acme.test")
    assert (first.exit_code, second.exit_code) == (0, 0)
    pixels = [line for result in (first, second) for line in result.output.splitlines() if line.endswith(".gif")]
    assert len(set(pixels)) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("signin-link", "nobody@acme.test"), "no active user"),
        (("signin-link", "owner@acme.test", "--organisation", "None such"), "no organisation"),
        (("add", "owner@acme.test", "--name", "Twin"), "already"),
        (("add", "x@acme.test", "--name", "X", "--role", "king"), "choose from owner"),
    ],
)
def test_a_mistake_is_said_in_one_line(run, arguments: tuple[str, ...], says: str) -> None:  # type: ignore[no-untyped-def]
    result = run(*arguments)
    assert result.exit_code == 1
    assert says in result.output
    assert "Traceback" not in result.output


def test_a_file_of_people_is_looked_at_then_imported_and_again_changes_nothing(run, tmp_path) -> None:  # type: ignore[no-untyped-def]
    file, errors = tmp_path / "people.csv", tmp_path / "errors.csv"
    file.write_text("Wer;Mail;Department;Role\nAnn Lee;ann@acme.test;Sales;admin\nBob;nobody;;\n", encoding="utf-8-sig")
    asked = ("import", str(file), "--map", "Wer=name", "--errors", str(errors))
    preview = run(*asked, "--dry-run")
    assert "1 would be created" in preview.output
    assert "Ann Lee" in preview.output
    assert "ann@acme.test" not in run("list").output
    done = run(*asked)
    assert "1 created, 0 updated, 0 unchanged, 1 left out" in done.output
    assert "Line 3, email" in done.output
    assert done.exit_code == 1, "a row was left out"
    assert errors.read_text(encoding="utf-8-sig").splitlines()[1].startswith("3,email,")
    assert re.search(r"ann@acme.test\W+Ann Lee\W+admin", run("list").output)
    assert "0 created, 0 updated, 1 unchanged" in run(*asked).output


def test_a_file_may_be_said_to_be_of_an_encoding(run, tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "people.csv"
    file.write_bytes("email,name\nivan@acme.test,Иван Петров\n".encode("cp1251"))
    refused = run("import", str(file))
    assert refused.exit_code == 1
    assert "encoding=windows-1251" in refused.output
    assert run("import", str(file), "--encoding", "klingon").exit_code == 1
    assert "1 created" in run("import", str(file), "--encoding", "windows-1251").output
    assert "Иван Петров" in run("list").output


def test_a_person_is_found_however_their_address_is_written(run) -> None:  # type: ignore[no-untyped-def]
    assert run("add", "ada@bu\u0308cher.example", "--name", "Ada").exit_code == 0
    assert "already" in run("add", "ada@xn--bcher-kva.example", "--name", "Ada").output
    assert run("signin-link", "ada@bücher.example").exit_code == 0
    assert run("rotate-token", "ADA@xn--bcher-kva.example").exit_code == 0


def test_a_file_without_addresses_is_refused_with_what_to_do(run, tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "people.csv"
    file.write_text("name\nAnn\n")
    refused = run("import", str(file))
    assert refused.exit_code == 1
    assert "No column holds e-mail addresses" in refused.output


def test_an_invitation_is_a_link_and_the_person_has_to_exist(run) -> None:  # type: ignore[no-untyped-def]
    first = run("invite", "owner@acme.test")
    assert re.fullmatch(r"https://opens\.acme\.test/invitation/\S{43}\n", first.output)
    assert run("invite", "owner@acme.test").output != first.output
    assert run("invite", "nobody@acme.test").exit_code == 1
