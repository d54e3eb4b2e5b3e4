from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.audit.models import AuditEntry
from app.audit.service import SYSTEM
from app.errors import BadInputError
from app.identity.models import Organisation, User
from app.middleware import BodyLimit
from app.people.importing.importer import Importer, ImportOptions
from app.people.importing.plan import Sender
from app.people.importing.schemas import ImportResult
from app.settings import Settings
from app.tracking.models import UserToken
from tests.fixtures.api import Api

PATH = "/api/admin/people/import"
CSV = {"content-type": "text/csv"}


async def send(api: Api, headers: dict[str, str], body: bytes | str, **asked: Any) -> httpx.Response:
    content = body.encode() if isinstance(body, str) else body
    return await api.client.post(PATH, content=content, params=asked, headers=headers | CSV)


async def imported(api: Api, headers: dict[str, str], body: bytes | str, **asked: Any) -> dict[str, Any]:
    answer = await send(api, headers, body, **asked)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


def counts(result: dict[str, Any]) -> tuple[int, int, int, int]:
    return result["created"], result["updated"], result["unchanged"], result["failed"]


async def person(api: Api, email: str) -> User:
    async with api.database.reading() as session:
        return (await session.scalars(select(User).where(User.email == email))).one()


async def how_many(api: Api, what: Any) -> int:
    async with api.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(what)) or 0


FILE = (
    "E-Mail;Full Name;Abteilung;Department;Job title;Phone;Time zone;Language;Role\n"
    "ann@acme.test;Ann Lee;x;Sales;Head;+966 5;asia/riyadh;ar;\n"
    "bob@acme.test;محمد;;sales ;;;;;member\n"
    "not an address;Nobody;;;;;;;\n"
    "cleo@acme.test;Cleo;;Support;;;Mars/Olympus;;\n"
    "ANN@acme.test;Ann Again;;;;;;;\n"
)


async def test_a_preview_says_what_would_happen_and_changes_nothing(api: Api) -> None:
    owner = await api.owner(zone="Europe/Berlin")
    headers = await api.key(owner, "read", "write")
    result = await imported(api, headers, FILE, dryRun=True)
    assert (result["isDryRun"], result["rows"], counts(result)) == (True, 5, (2, 0, 0, 3))
    assert (result["encoding"], result["delimiter"]) == ("utf-8", ";")
    assert {column["header"]: column["field"] for column in result["columns"]}["Abteilung"] is None
    first, second = result["preview"]
    assert (first["action"], first["name"], first["timeZone"], first["locale"]) == (
        "created",
        "Ann Lee",
        "Asia/Riyadh",
        "ar",
    )
    assert (second["department"], second["timeZone"]) == ("Sales", "Europe/Berlin")
    assert [(error["line"], error["field"]) for error in result["errors"]] == [
        (4, "email"),
        (5, "timeZone"),
        (6, "email"),
    ]
    assert "line 2 already" in result["errors"][2]["message"]
    assert result["newDepartments"] == [{"department": "Sales", "people": 2}]
    assert result["respeltDepartments"] == [{"found": "sales", "used": "Sales", "people": 1}]
    assert any("Abteilung" in warning for warning in result["warnings"])
    assert await how_many(api, User) == 1


async def test_an_import_makes_people_with_tokens_and_says_so_in_the_audit_log(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    assert counts(await imported(api, headers, FILE)) == (2, 0, 0, 3)
    ann = await person(api, "ann@acme.test")
    assert (ann.name, ann.department, ann.job_title, ann.phone, ann.role) == (
        "Ann Lee",
        "Sales",
        "Head",
        "+966 5",
        "member",
    )
    async with api.database.reading() as session:
        tokens = list(await session.scalars(select(UserToken).where(UserToken.user_id == ann.id)))
        entries = list(await session.scalars(select(AuditEntry)))
    assert [(len(token.token), token.is_active) for token in tokens] == [(24, True)]
    assert sorted(entry.action for entry in entries) == [
        "people_imported",
        "person_added_by_import",
        "person_added_by_import",
    ]
    summary = next(entry for entry in entries if entry.action == "people_imported")
    assert summary.after == {"created": 2, "updated": 0, "unchanged": 0, "failed": 3, "isComplete": True}
    assert summary.actor_user_id == owner.id


async def test_a_second_run_changes_nothing_and_writes_nothing(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    await imported(api, headers, FILE)
    before = await how_many(api, AuditEntry)
    assert counts(await imported(api, headers, FILE)) == (0, 0, 2, 3)
    assert await how_many(api, AuditEntry) == before
    assert await how_many(api, UserToken) == 3


async def test_changes_are_found_by_address_and_empty_cells_erase_only_when_asked(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    await api.member(owner.organisation_id, "ann@acme.test", department="Sales", phone="1", job_title="Head")
    file = "email,name,department,phone\nann@acme.test,Ann,,2\n"
    result = await imported(api, headers, file)
    assert (counts(result), result["preview"][0]["changed"]) == ((0, 1, 0, 0), ["name", "phone"])
    ann = await person(api, "ann@acme.test")
    assert (ann.name, ann.department, ann.phone, ann.job_title) == ("Ann", "Sales", "2", "Head")
    assert counts(await imported(api, headers, file, clearEmpty=True)) == (0, 1, 0, 0)
    ann = await person(api, "ann@acme.test")
    assert (ann.department, ann.job_title) == (None, "Head"), "a column that is not there erases nothing"
    async with api.database.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).where(AuditEntry.subject_id == ann.id)))
    changes = [(entry.before, entry.after) for entry in entries]
    assert ({"name": "Max Member", "phone": "1"}, {"name": "Ann", "phone": "2"}) in changes


async def test_departments_take_the_spelling_the_organisation_has_unless_told_not_to(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    await api.member(owner.organisation_id, "ann@acme.test", department="Sales")
    file = "email,name,department\nb@acme.test,B, SALES\n"
    result = await imported(api, headers, file, dryRun=True)
    assert (result["newDepartments"], result["preview"][0]["department"]) == ([], "Sales")
    result = await imported(api, headers, file, dryRun=True, keepSpellings=True)
    assert result["preview"][0]["department"] == "SALES"


async def test_a_column_can_be_mapped_by_hand(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    file = "Adresse,Wer\nann@acme.test,Ann\n"
    answer = await send(api, headers, file)
    assert (answer.status_code, answer.json()["field"], answer.json()["headers"]) == (422, "email", ["Adresse", "Wer"])
    answer = await api.client.post(f"{PATH}?map=Adresse=email&map=Wer=name", content=file, headers=headers | CSV)
    assert counts(answer.json()) == (1, 0, 0, 0)


async def test_admins_import_no_roles_above_member_and_leave_owners_alone(api: Api) -> None:
    owner = await api.owner()
    admin = await api.member(owner.organisation_id, "admin@acme.test", role="admin")
    file = f"email,name,role\nann@acme.test,Ann,analyst\n{owner.email},Other Name,\nbob@acme.test,Bob,member\n"
    result = await imported(api, await api.key(admin, "write"), file)
    assert (counts(result), [error["field"] for error in result["errors"]]) == ((1, 0, 0, 2), ["role", "email"])
    assert counts(await imported(api, await api.key(owner, "write"), file)) == (1, 1, 1, 0)
    assert (await person(api, "ann@acme.test")).role == "analyst"


async def test_a_file_takes_neither_the_last_owner_nor_ones_own_role(api: Api) -> None:
    owner = await api.owner()
    second = await api.member(owner.organisation_id, "second@acme.test", role="owner")
    third = await api.member(owner.organisation_id, "third@acme.test", role="owner")
    file = f"email,role\n{owner.email},member\n{second.email},member\n{third.email},admin\n"
    result = await imported(api, await api.key(owner, "write"), file)
    assert counts(result) == (0, 2, 0, 1)
    assert (await person(api, owner.email)).role == "owner"
    async with api.database.session() as session:
        await session.delete(await session.get_one(User, owner.id))
        (await session.get_one(User, second.id)).role = "owner"
        (await session.get_one(User, third.id)).role = "owner"
    result = await imported(
        api, await api.key(second, "write"), f"email,role\n{third.email},member\n{second.email},x\n"
    )
    assert counts(result) == (0, 1, 0, 1)


async def test_people_who_have_left_are_changed_and_stay_away(api: Api) -> None:
    owner = await api.owner()
    gone = await api.member(owner.organisation_id, "gone@acme.test")
    async with api.database.session() as session:
        (await session.get_one(User, gone.id)).is_active = False
    result = await imported(api, await api.key(owner, "write"), "email,name\ngone@acme.test,Gone\n")
    assert (counts(result), result["inactive"]) == ((0, 1, 0, 0), 1)
    assert (await person(api, "gone@acme.test")).is_active is False


async def test_the_error_report_is_a_csv_file_without_formulas(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    file = "email,name\n=cmd@x,A\n" + "".join(f"bad{number},B\n" for number in range(500))
    answer = await api.client.post(f"{PATH}/errors", content=file, headers=headers | CSV)
    assert answer.status_code == 200, answer.text
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (lines[0], len(lines)) == ("line,field,message", 502)
    assert lines[1].startswith("2,email,'=cmd@x") or lines[1].startswith("2,email,\"'")
    assert await how_many(api, User) == 1


async def test_what_is_no_csv_file_is_refused_with_what_to_do(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    assert (await send(api, headers, b"")).status_code == 422
    assert (await send(api, headers, b"email,name\n" + b"x" * 200_000)).status_code == 422
    answer = await api.client.post(PATH, json={}, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "Content-Type")


async def test_only_files_may_be_larger_than_other_bodies_by_their_length_and_by_what_comes() -> None:
    async def length(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            size = sum([len(piece) async for piece in Request(scope, receive).stream()])
        except HTTPException as error:  # the framework's own handler turns it into the answer
            return await PlainTextResponse(error.detail, status_code=error.status_code)(scope, receive, send)
        await PlainTextResponse(str(size))(scope, receive, send)

    limited = BodyLimit(length, limit_bytes=10, larger={"/file": 100})

    async def streamed(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 10):
            yield b"x" * 10

    async with httpx.AsyncClient(transport=httpx.ASGITransport(limited), base_url="http://test") as client:
        asked = [("/file", 100, 200), ("/file", 110, 413), ("/other", 10, 200), ("/other", 20, 413)]
        for path, size, status in asked:
            assert (await client.post(path, content=b"x" * size)).status_code == status
            assert (await client.post(path, content=streamed(size))).status_code == status
    settings = Settings()
    assert settings.import_limit_bytes == 50 * 2**20 > settings.body_limit_bytes


ODD = ("=1+2", "+966 5", "@home", "-", "'-quoted", "''", "O'Neill", '5" pipe', "a,b;c", "'=x", "- 'x'")


async def test_what_was_exported_can_be_imported_and_changes_nothing(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    for number, text in enumerate(ODD):
        email = f"{('-dash', '+plus', '=eq', chr(39) + 'quote', chr(39) + '-both')[number % 5]}{number}@acme.test"
        body = {"email": email, "name": text, "department": f"{text} {number}", "jobTitle": text, "phone": text}
        assert (await api.client.post("/api/admin/people", json=body, headers=headers)).status_code == 201
    answer = await api.client.get("/api/admin/people/export", headers=headers)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "'=1+2" in answer.text
    assert "'+966 5" in answer.text
    assert counts(await imported(api, headers, answer.content)) == (0, 0, len(ODD) + 1, 0)
    again = await api.client.get("/api/admin/people/export", headers=headers)
    assert again.content == answer.content


async def test_what_people_write_of_themselves_is_exported_and_imported_unchanged(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    mine = {"name": "  Jose\u0301   Müller\t", "jobTitle": "a\n b", "department": "R  &  D", "phone": "+49\u200b 30"}
    assert (await api.client.patch("/api/me", json=mine, headers=headers)).status_code == 200
    exported = (await api.client.get("/api/admin/people/export", headers=headers)).content
    assert counts(await imported(api, headers, exported)) == (0, 0, 1, 0)


async def test_a_directory_of_windows_is_imported_whole_and_what_was_read_otherwise_is_said(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    await api.member(owner.organisation_id, "bob@acme.test", locale="ar")
    file = "email,name,time zone,language\nann@acme.test,Ann,W. Europe Standard Time,de-DE\nbob@acme.test,Bob,,fr\n"
    result = await imported(api, headers, file)
    assert counts(result) == (1, 1, 0, 0)
    ann, bob = await person(api, "ann@acme.test"), await person(api, "bob@acme.test")
    assert (ann.time_zone, ann.locale, bob.locale) == ("Europe/Berlin", "en", "ar")
    [remark] = [warning for warning in result["warnings"] if "speaks" in warning]
    assert "“de-DE” (1)" in remark
    assert "“fr” (1)" in remark


async def test_a_file_whose_encoding_cannot_be_told_is_asked_about_and_writes_nobody(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    file = "email,name\nivan@acme.test,Иван Петров\n".encode("cp1251")
    for dry_run in (True, False):
        refused = await send(api, headers, file, dryRun=dry_run)
        assert (refused.status_code, refused.json()["field"]) == (422, "encoding")
        assert "windows-1251" in refused.json()["encodings"]
    assert await how_many(api, User) == 1
    preview = await imported(api, headers, file, dryRun=True, encoding="cp1251")
    assert (preview["encoding"], preview["preview"][0]["name"]) == ("windows-1251", "Иван Петров")
    assert (await send(api, headers, file, encoding="klingon")).json()["field"] == "encoding"
    typed = headers | {"content-type": "text/csv; charset=windows-1251"}
    answer = await api.client.post(PATH, content=file, headers=typed)
    assert answer.json()["created"] == 1
    assert (await person(api, "ivan@acme.test")).name == "Иван Петров"
    assert counts(await imported(api, headers, file, encoding="windows-1251")) == (0, 0, 1, 0)


SPELLINGS = ("ada@bücher.example", "ada@bu\u0308cher.example", "ada@xn--bcher-kva.example", "ADA@BÜCHER.example")


async def test_one_mailbox_is_one_person_however_its_address_is_written(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    rows = "".join(f"{email},Ada\n" for email in SPELLINGS)
    assert counts(await imported(api, headers, f"email,name\n{rows}")) == (1, 0, 0, 3)
    for email in SPELLINGS:
        assert counts(await imported(api, headers, f"email,name\n{email},Ada\n")) == (0, 0, 1, 0)
        added = await api.client.post("/api/admin/people", json={"email": email, "name": "Ada"}, headers=headers)
        assert added.status_code == 409
        for path, asked in ((f"/api/signatures/{email}", {}), ("/api/signatures", {"email": email})):
            assert (await api.client.get(path, params=asked, headers=headers)).status_code == 200, email
        listed = await api.client.get("/api/admin/people", params={"search": email}, headers=headers)
        assert [found["email"] for found in listed.json()["data"]] == ["ada@bücher.example"]


async def test_part_of_an_address_in_ascii_finds_the_person(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    await imported(api, headers, "email,name\nada@bücher.example,Jose\u0301\n")
    for search in ("xn--bcher-kva", "@xn--bcher-kva.ex", "ada@", "bu\u0308ch", "jose\u0301"):
        listed = await api.client.get("/api/admin/people", params={"search": search}, headers=headers)
        assert [found["name"] for found in listed.json()["data"]] == ["José"], search


async def test_fifty_megabytes_are_read_in_little_memory(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    rows = 60_000
    filler = "x" * 780

    async def file() -> AsyncIterator[bytes]:
        yield b"email,name,notes\n"
        for start in range(0, rows, 500):
            yield "".join(f"p{n % 100}@acme.test,Person,{filler}\n" for n in range(start, start + 500)).encode()

    answer = await api.client.post(PATH, params={"dryRun": True}, content=file(), headers=headers | CSV)
    result = answer.json()
    assert (answer.status_code, result["rows"], counts(result)) == (200, rows, (100, 0, 0, rows - 100))
    assert (len(result["errors"]), result["errorCount"]) == (200, rows - 100)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256"])
async def test_arabic_files_of_windows_are_read(api: Api, encoding: str) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    file = "البريد الإلكتروني;الاسم;القسم\nann@acme.test;محمد العلي;المبيعات\n"
    result = await imported(api, headers, file.encode(encoding))
    assert counts(result) == (1, 0, 0, 0)
    assert (await person(api, "ann@acme.test")).name == "محمد العلي"


async def test_an_import_that_breaks_off_keeps_what_it_did_says_so_and_goes_on_when_sent_again(api: Api) -> None:
    owner = await api.owner()
    file = b"email,name\n" + b"".join(b"p%d@acme.test,Person\n" % number for number in range(1200))

    async def pieces(end: int) -> AsyncIterator[bytes]:
        yield file[:end]
        if end < len(file):
            raise BadInputError("The connection ended before the file did; send it again.", field="body")

    async def run(end: int) -> ImportResult:
        async with api.database.reading() as session:
            organisation = await session.get_one(Organisation, owner.organisation_id)
        sender, now = Sender(owner.id, is_owner=True), api.clock()
        options = ImportOptions()
        importer = Importer(api.database, organisation, sender=sender, actor=SYSTEM, now=now, options=options)
        return await importer.run(pieces(end))

    with pytest.raises(BadInputError) as raised:
        await run(len(file) // 2)
    done = raised.value.extensions["imported"]["created"]
    assert 0 < done < 600
    async with api.database.reading() as session:
        statement = select(AuditEntry.after).where(AuditEntry.action == "people_imported")
        assert [(entry["created"], entry["isComplete"]) for entry in await session.scalars(statement) if entry] == [
            (done, False)
        ]
    result = await run(len(file))
    assert (result.created, result.unchanged, result.failed) == (1200 - done, done, 0)
    assert await how_many(api, UserToken) == 1201
