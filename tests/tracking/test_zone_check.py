from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import update

from app.identity.models import User
from app.tracking import zone_check
from app.tracking.zone_check import Disagreement, compare_sources, lines
from app.tracking.zone_data import ZoneData, sources
from tests.fixtures.api import Api

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def a_year_of_other_rules(folder: Path) -> ZoneData:
    """Return a system whose Vancouver lives by Toronto's clock, and that knows no other zone but UTC."""
    (folder / "America").mkdir()
    data = files("tzdata").joinpath("zoneinfo")
    (folder / "America" / "Vancouver").write_bytes(data.joinpath("America", "Toronto").read_bytes())
    (folder / "UTC").write_bytes(data.joinpath("UTC").read_bytes())
    return ZoneData("system", "1999a", folder)


async def test_verify_says_where_sources_disagree_about_zones_in_use(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await api.owner(zone="America/Vancouver")
    other = await api.member(owner.organisation_id)
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == other.id).values(time_zone="Asia/Riyadh"))
    in_use, clickhouse = sources()[0], await api.resources.clickhouse.get()
    monkeypatch.setattr(zone_check, "sources", lambda: [in_use, a_year_of_other_rules(tmp_path)])
    found = await compare_sources(api.database, clickhouse, now=NOW)
    assert found.in_use == str(in_use)
    assert found.others[0] == "system 1999a"
    assert Disagreement("America/Vancouver", "system 1999a", 733) in found.disagreements
    assert Disagreement("Asia/Riyadh", "system 1999a", None) in found.disagreements
    told = list(lines(found))
    assert told[0].startswith(f"Days are reckoned by the time zone data of {in_use}; there are also system 1999a")
    assert "America/Vancouver: by system 1999a, 733 days within a year of today begin at another moment." in told
    assert "Asia/Riyadh: system 1999a does not know it." in told


async def test_clickhouse_is_asked_for_its_own_rules(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await api.owner(zone="America/Vancouver")
    await api.owner("Other", "o@other.test", zone="UTC")
    old = a_year_of_other_rules(tmp_path)
    monkeypatch.setattr(zone_check, "sources", lambda: [old])
    monkeypatch.setattr(zone_check, "zone", old.read)
    found = await compare_sources(api.database, await api.resources.clickhouse.get(), now=NOW)
    [own] = found.others
    assert own.startswith("ClickHouse 20")
    assert found.disagreements == [Disagreement("America/Vancouver", own, 733)], "UTC is the same everywhere"
