from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.embedded.dummies import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A supervisor whose processes are gone after the test."""
    house = House(tmp_path / "data")
    yield house
    await house.supervisor.stop(list(house.supervisor.units))
    house.console.close()
