from datetime import timedelta
from uuid import UUID

import pytest

from app.audit.service import SYSTEM, Actor, record
from tests.fixtures.api import Api

PATH = "/api/admin/audit"


async def note(api: Api, organisation_id: UUID, subject: str, actor: Actor = SYSTEM, action: str = "tested") -> None:
    async with api.database.session() as session:
        record(
            session,
            organisation_id=organisation_id,
            actor=actor,
            at=api.clock(),
            action=action,
            subject=subject,
            before={"value": 1},
            after={"value": 2},
        )


async def test_an_entry_says_who_did_what_to_what_from_which_value_to_which(api: Api) -> None:
    owner = await api.owner()
    await note(api, owner.organisation_id, "a thing", Actor(owner.id))
    [entry] = (await api.client.get(PATH, headers=await api.key(owner))).json()["data"]
    del entry["id"]
    assert entry == {
        "at": "2026-01-15T12:00:00Z",
        "actor": {"kind": "user", "userId": str(owner.id), "name": "Olga Owner", "keyName": None},
        "action": "tested",
        "subject": "a thing",
        "subjectId": None,
        "before": {"value": 1},
        "after": {"value": 2},
    }


async def test_pages_follow_each_other_without_gap_or_repetition_even_at_one_moment(api: Api) -> None:
    owner = await api.owner()
    for number in range(7):
        await note(api, owner.organisation_id, str(number))
        api.clock.now += timedelta(seconds=number % 2)
    headers, subjects, cursor = await api.key(owner), [], ""
    while True:
        answer = await api.client.get(
            PATH, params={"limit": 2, **({"cursor": cursor} if cursor else {})}, headers=headers
        )
        assert answer.status_code == 200, answer.text
        subjects += [entry["subject"] for entry in answer.json()["data"]]
        cursor = answer.json()["nextCursor"]
        if cursor is None:
            break
    assert sorted(subjects) == [str(number) for number in range(7)]
    assert subjects[0] in "56"


async def test_one_action_can_be_asked_for(api: Api) -> None:
    owner = await api.owner()
    await note(api, owner.organisation_id, "one")
    await note(api, owner.organisation_id, "other", action="tried")
    found = (await api.client.get(PATH, params={"action": "tried"}, headers=await api.key(owner))).json()["data"]
    assert [entry["subject"] for entry in found] == ["other"]


async def test_nothing_crosses_from_one_organisation_to_another(api: Api) -> None:
    owner, stranger = await api.owner(), await api.owner("Other", "x@other.test")
    await note(api, stranger.organisation_id, "secret", Actor(stranger.id))
    assert (await api.client.get(PATH, headers=await api.key(owner))).json() == {"data": [], "nextCursor": None}


@pytest.mark.parametrize("role", ["member", "analyst"])
async def test_other_roles_are_told_whom_to_ask(api: Api, role: str) -> None:
    owner = await api.owner()
    person = await api.member(owner.organisation_id, role=role)
    answer = await api.client.get(PATH, headers=await api.key(person))
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
    assert role in answer.json()["detail"]


@pytest.mark.parametrize("cursor", ["nonsense", "bm8", "MjAyNi0wMS0xNVQxMjowMDowMCBub3QtYS11dWlk", "é"])
async def test_a_cursor_that_is_none_is_named(api: Api, cursor: str) -> None:
    owner = await api.owner()
    answer = await api.client.get(PATH, params={"cursor": cursor}, headers=await api.key(owner))
    assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


async def subjects(api: Api, headers: dict[str, str], **asked: str) -> list[str]:
    answer = await api.client.get(PATH, params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return sorted(entry["subject"] for entry in answer.json()["data"])


async def test_kinds_are_told_by_name_and_each_person_of_an_import_only_when_asked(api: Api) -> None:
    owner = await api.owner()
    actions = ["person_added", "token_rotated", "tracking_settings_changed", "signature_template_changed"]
    for action in [*actions, "people_imported", "person_added_by_import", "password_set"]:
        await note(api, owner.organisation_id, action, action=action)
    headers = await api.key(owner)
    assert await subjects(api, headers) == sorted([*actions, "people_imported", "password_set"])
    assert await subjects(api, headers, kind="people") == ["people_imported", "person_added"]
    assert await subjects(api, headers, kind="imports") == ["people_imported", "person_added_by_import"]
    assert await subjects(api, headers, kind="access") == ["password_set"]
    assert await subjects(api, headers, kind="signatures") == ["signature_template_changed"]
    assert await subjects(api, headers, kind="settings") == ["tracking_settings_changed"]


async def test_a_person_is_found_as_who_did_it_and_as_whom_it_was_done_to(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id)
    async with api.database.session() as session:
        for subject, actor, subject_id in (
            ("by", Actor(ann.id), None),
            ("to", SYSTEM, ann.id),
            ("other", SYSTEM, None),
        ):
            record(
                session,
                organisation_id=owner.organisation_id,
                actor=actor,
                at=api.clock(),
                action="tested",
                subject=subject,
                subject_id=subject_id,
            )
    assert await subjects(api, await api.key(owner), person=str(ann.id)) == ["by", "to"]


async def test_days_are_those_of_whoever_asks(api: Api) -> None:
    owner = await api.owner(zone="Asia/Riyadh")
    for hour in (20, 21, 22):
        api.clock.now = api.clock.now.replace(hour=hour)
        await note(api, owner.organisation_id, str(hour))
    headers = await api.key(owner)
    assert await subjects(api, headers, **{"from": "2026-01-16"}) == ["21", "22"]
    assert await subjects(api, headers, to="2026-01-15") == ["20"]
    answer = await api.client.get(PATH, params={"from": "2026-01-16", "to": "2026-01-15"}, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "to")


async def test_the_log_is_saved_as_csv_without_formulas(api: Api) -> None:
    owner = await api.owner()
    await note(api, owner.organisation_id, "=cmd", Actor(owner.id))
    answer = await api.client.get(f"{PATH}/export", headers=await api.key(owner))
    header, line = answer.content.decode("utf-8-sig").splitlines()
    assert header == "at,by,api key,action,subject,subject id,before,after"
    assert line.startswith("2026-01-15T12:00:00+00:00,Olga Owner,,tested,'=cmd,,")
