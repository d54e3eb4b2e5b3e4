"""Signatures over the API: template, preview, export, and what mail servers ask for."""

import csv
import io
import threading
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.campaigns.models import Campaign, CampaignPixel
from app.identity.models import User
from app.signatures import service
from app.signatures.export import file_name
from app.signatures.sanitise import CleanHtml, clean_html
from app.tracking.models import OrganisationSettings
from tests.fixtures.api import Api

TEMPLATE = "/api/admin/signatures/template"
PREVIEW = "/api/admin/signatures/preview"
HTML = '<p>{{name}}{{#phone}}<a href="tel:{{phone}}">{{phone}}</a>{{/phone}}{{campaign_banner}}</p>'


async def save(api: Api, headers: dict[str, str], version: int, html: str = HTML, **defaults: str) -> dict[str, Any]:
    answer = await api.client.put(
        TEMPLATE, json={"html": html, "defaults": defaults, "version": version}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def campaign(api: Api, user: User, state: str = "active") -> None:
    async with api.database.session() as session:
        made = Campaign(
            organisation_id=user.organisation_id, name="=Spring", state=state, banner_html="<b>Spring {{x}}</b>"
        )
        session.add(made)
        await session.flush()
        session.add(
            CampaignPixel(
                organisation_id=user.organisation_id, campaign_id=made.id, user_id=user.id, token="campaigntoken"
            )
        )


async def change(api: Api, table: type, **values: object) -> None:
    async with api.database.session() as session:
        await session.execute(update(table).values(**values))


async def test_an_organisation_begins_with_the_built_in_template_and_can_go_back(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    first = (await api.client.get(TEMPLATE, headers=headers)).json()
    assert (first["isBuiltIn"], first["version"]) == (True, 0)
    saved = await save(api, headers, 0, HTML + "<script>1</script>", phone=" +966 1 ")
    assert (saved["html"], saved["defaults"], saved["version"], saved["isBuiltIn"]) == (
        HTML,
        {"phone": "+966 1"},
        1,
        False,
    )
    assert [(one["kind"], one["name"]) for one in saved["removed"]] == [("element", "script")]
    signature = (await api.client.get("/api/tracking/my-signature", headers=headers)).json()
    assert signature["html"].startswith(
        '<p>Olga Owner<a href="tel:+9661">+966 1</a></p><img src="https://pixel.example.test'
    )
    assert signature["plainText"] == "Olga Owner+966 1"
    api.clock.now += timedelta(seconds=1)
    back = (await api.client.delete(f"{TEMPLATE}?version=1", headers=headers)).json()
    assert back == first | {"version": 2}
    api.clock.now += timedelta(seconds=1)
    assert (await save(api, headers, 2))["version"] == 3
    log = (await api.client.get("/api/admin/audit", headers=headers)).json()["data"]
    assert [entry["action"] for entry in log] == [
        "signature_template_changed",
        "signature_template_reset",
        "signature_template_changed",
    ]
    assert log[1]["before"]["html"] == HTML


async def test_two_who_save_at_once_both_learn_of_it(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    await save(api, headers, 0)
    answer = await api.client.put(TEMPLATE, json={"html": "<b>mine</b>", "version": 0}, headers=headers)
    assert answer.status_code == 409
    assert answer.json()["current"]["html"] == HTML
    assert (await save(api, headers, 0))["version"] == 1  # what is so already is no conflict
    assert (await api.client.delete(f"{TEMPLATE}?version=7", headers=headers)).status_code == 409


async def test_a_mistake_is_named_with_its_place(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    for path, more in ((TEMPLATE, {"version": 0}), (PREVIEW, {})):
        method = "PUT" if path == TEMPLATE else "POST"
        answer = await api.client.request(method, path, json={"html": "<p>\n{{phonne}}</p>"} | more, headers=headers)
        problem = answer.json()
        assert (answer.status_code, problem["field"]) == (422, "html")
        assert (
            problem["errors"][0] | {"line": 2, "column": 1, "name": "phonne", "nearest": "phone"}
            == problem["errors"][0]
        )
        assert "line 2" in problem["detail"]


async def test_a_preview_shows_a_real_person_and_counts_nothing(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id, phone="+1 5")
    await campaign(api, member)
    headers = await api.key(owner, "read", "write")
    body = {"html": HTML + '<img src="cid:x"><script></script>{{pixel}}', "userId": str(member.id)}
    seen = (await api.client.post(PREVIEW, json=body, headers=headers)).json()
    assert seen["html"] == '<p>Max Member<a href="tel:+15">+1 5</a><b>Spring </b></p><img src="cid:x">'
    assert [one["name"] for one in seen["removed"]] == ["script"]
    assert "image_without_alt" in [one["code"] for one in seen["warnings"]]
    unknown = await api.client.post(PREVIEW, json=body | {"userId": str(uuid4())}, headers=headers)
    assert unknown.status_code == 404


async def test_campaign_pixels_are_there_while_campaign_and_tracking_are_on(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    await save(api, headers, 0)
    await campaign(api, owner)

    async def signature() -> dict[str, Any]:
        answer: dict[str, Any] = (await api.client.get("/api/tracking/my-signature", headers=headers)).json()
        return answer

    both = await signature()
    assert [one["pixelUrl"] for one in both["campaignPixels"]] == [
        "https://pixel.example.test/api/t/p/campaigntoken.gif"
    ]
    assert both["html"].count("<img") == 2
    assert "<b>Spring </b>" in both["html"]
    await change(api, OrganisationSettings, user_tracking_enabled=False)
    only = await signature()
    assert (only["pixelUrl"], only["isTrackingOn"], only["html"].count("<img")) == (None, False, 1)
    await change(api, OrganisationSettings, campaign_tracking_enabled=False)
    assert "<img" not in (await signature())["html"]
    await change(api, OrganisationSettings, user_tracking_enabled=True, campaign_tracking_enabled=True)
    await change(api, Campaign, state="paused")
    paused = await signature()
    assert (paused["campaignPixels"], paused["html"].count("<img")) == ([], 1)
    assert "Spring" not in paused["html"]


async def test_the_export_holds_everybody_active_once(api: Api) -> None:
    owner = await api.owner()
    await api.member(owner.organisation_id, "a/b@acme.test", department="=cmd|x")
    await api.member(owner.organisation_id, "a?b@acme.test")
    gone = await api.member(owner.organisation_id, "gone@acme.test")
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == gone.id).values(is_active=False))
    answer = await api.client.get("/api/admin/signatures/export", headers=await api.key(owner))
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = {"a_b@acme.test", "a_b@acme.test-2", "owner@acme.test"}
        assert set(archive.namelist()) == {f"{name}.{kind}" for name in names for kind in ("htm", "txt")} | {
            "manifest.csv"
        }
        assert "/api/t/u/" in archive.read("owner@acme.test.htm").decode()
        assert archive.read("owner@acme.test.txt").decode().startswith("Olga Owner\n")
        rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    assert len(rows) == 3
    assert {row["department"] for row in rows} == {"'=cmd|x", ""}


def test_file_names_are_safe_and_unique() -> None:
    taken: dict[str, int] = {}
    names = [
        file_name(email, taken) for email in ("A@x.y", "a@X.y", "../../etc/passwd", "ä\u202e@x", "...", "", "a" * 400)
    ]
    assert len(set(names)) == len(names)
    assert names[:3] == ["a@x.y", "a@x.y-2", "etc_passwd"]
    assert all("/" not in name and not name.startswith(".") and 0 < len(name) <= 110 for name in names)


async def test_a_template_is_read_beside_the_loop(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    threads: list[threading.Thread] = []

    def noting(html: str) -> CleanHtml:
        threads.append(threading.current_thread())
        return clean_html(html)

    monkeypatch.setattr(service, "clean_html", noting)
    assert (await api.client.post(PREVIEW, json={"html": HTML}, headers=headers)).status_code == 200
    await save(api, headers, 0)
    assert len(threads) == 2
    assert threading.main_thread() not in threads


async def test_hostile_templates_are_answered_with_what_is_wrong(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    for html, code in (
        ("{{" + " " * 800 + "a" + " " * 800 + "!}}", "not_a_placeholder"),
        ("{{a" + " " * 20_000, "not_a_placeholder"),
        ("{{name}}" * 7_000, "too_many"),
        ("{{a}}" * 11_000, "too_many"),
        ("{{" + "a" * 20_000 + "}}", "unknown"),
    ):
        answer = await api.client.post(PREVIEW, json={"html": html}, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == code
        assert len(answer.content) < 20_000
    for html in (
        "<p title='&#" + "9" * 5_000 + ";'>x</p>",
        "x&#" + "9" * 5_000,
        "<p style='width:" + "1" * 9_000 + "'>x",
    ):
        assert (await api.client.post(PREVIEW, json={"html": html}, headers=headers)).status_code == 200
    many = "<p " + " ".join(f"a{number}" for number in range(8_000)) + ">x</p>"
    answer = await api.client.post(PREVIEW, json={"html": many}, headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (422, "too_large")


async def test_mail_servers_get_html_or_text_and_learn_when_nothing_changed(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner)
    first = await api.client.get("/api/signatures/OWNER@acme.test", headers=headers)
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert "/api/t/u/" in first.text
    again = await api.client.get(
        "/api/signatures",
        params={"email": "owner@acme.test"},
        headers=headers | {"if-none-match": first.headers["etag"]},
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    plain = await api.client.get(
        "/api/signatures/owner@acme.test", headers=headers | {"accept": "text/plain, text/html;q=0.5"}
    )
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert plain.text.startswith("Olga Owner\n")
    assert plain.headers["etag"] != first.headers["etag"]
    weighed = {"accept": "text/plain;format=flowed;q=0.9, text/html;q=0.95"}
    html = await api.client.get("/api/signatures/owner@acme.test", headers=headers | weighed)
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    listed = {"if-none-match": f'"x", W/{first.headers["etag"]}'}
    assert (await api.client.get("/api/signatures/owner@acme.test", headers=headers | listed)).status_code == 304
    await change(api, User, job_title="Head")
    changed = await api.client.get(
        "/api/signatures/owner@acme.test", headers=headers | {"if-none-match": first.headers["etag"]}
    )
    assert changed.status_code == 200
    unknown = await api.client.get("/api/signatures/who@acme.test", headers=headers)
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")


async def test_a_plus_in_a_query_is_a_plus_however_it_is_written(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner)
    await api.member(owner.organisation_id, "a+b@acme.test")
    await api.member(owner.organisation_id, "+c@acme.test")

    async def status(email: str) -> int:
        return (await api.client.get(f"/api/signatures?email={email}", headers=headers)).status_code

    for written in ("a+b@acme.test", "a%2Bb@acme.test", "a%20b@acme.test", "%20owner@acme.test%20", "+c@acme.test"):
        assert await status(written) == 200, written
    assert await status("ab@acme.test") == 404
    await api.member(owner.organisation_id, "c@acme.test")
    assert (await status("%2Bc@acme.test"), await status("c@acme.test")) == (200, 200)
    assert await status("+c@acme.test") == 422


async def test_only_admins_read_the_signatures_of_others(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    headers = await api.key(member)
    for path in (
        "/api/signatures/owner@acme.test",
        f"/api/admin/signatures/people/{owner.id}",
        "/api/admin/signatures/export",
    ):
        assert (await api.client.get(path, headers=headers)).status_code == 403
    mine = (await api.client.get(f"/api/admin/signatures/people/{member.id}", headers=await api.key(owner))).json()
    assert (mine["name"], mine["email"], mine["isTrackingOn"]) == ("Max Member", "member@acme.test", True)
