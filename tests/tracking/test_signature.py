from html.parser import HTMLParser

from sqlalchemy import update

from app.identity.models import Organisation, User
from app.tracking.models import OrganisationSettings, UserToken
from tests.fixtures.api import Api

PATH = "/api/tracking/my-signature"


class Reader(HTMLParser):
    """Collects tags and texts, as a mail client would understand them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


async def change(api: Api, table: type, **values: object) -> None:
    async with api.database.session() as session:
        await session.execute(update(table).values(**values))


async def signature(api: Api, user: User) -> dict[str, object]:
    body: dict[str, object] = (await api.client.get(PATH, headers=await api.key(user))).json()
    return body


async def test_it_holds_the_person_and_exactly_one_pixel(api: Api) -> None:
    owner = await api.owner()
    await change(api, User, job_title="Head of Sales", department="Sales", phone="+966 11 123-4567")
    body = await signature(api, owner)
    read = Reader(str(body["html"]))
    assert read.texts == ["Olga Owner", "Head of Sales · Sales", "Acme", "+966 11 123-4567", "owner@acme.test"]
    images = [attributes for tag, attributes in read.tags if tag == "img"]
    assert len(images) == 1
    assert (images[0]["src"], images[0]["width"], images[0]["height"], images[0]["alt"]) == (
        body["pixelUrl"],
        "1",
        "1",
        "",
    )
    assert str(body["pixelUrl"]).startswith("https://pixel.example.test/api/t/u/")
    links = [attributes["href"] for tag, attributes in read.tags if tag == "a"]
    assert links == ["tel:+966111234567", "mailto:owner@acme.test"]
    assert body["isTrackingOn"] is True


async def test_what_people_write_stays_text(api: Api) -> None:
    owner = await api.owner()
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    await change(api, User, name=evil, job_title=evil, phone=evil, department=evil)
    await change(api, Organisation, name=evil)
    read = Reader(str((await signature(api, owner))["html"]))
    assert {tag for tag, _ in read.tags} <= {"table", "tbody", "tr", "td", "div", "a", "img"}
    assert not any(name.startswith("on") for _, attributes in read.tags for name in attributes)
    assert evil in read.texts


async def test_no_pixel_while_tracking_is_off_or_the_token_inactive(api: Api) -> None:
    owner = await api.owner()
    off = {"pixelUrl": None, "isTrackingOn": False}
    await change(api, OrganisationSettings, user_tracking_enabled=False)
    body = await signature(api, owner)
    assert body | off == body
    assert "<img" not in str(body["html"])
    await change(api, OrganisationSettings, user_tracking_enabled=True)
    await change(api, UserToken, is_active=False)
    body = await signature(api, owner)
    assert body | off == body


async def test_arabic_readers_get_it_from_right_to_left(api: Api) -> None:
    owner = await api.owner()
    await change(api, User, locale="ar", name="سارة")
    html = str((await signature(api, owner))["html"])
    assert 'dir="rtl"' in html
    assert "سارة" in html
