"""How deep the suite digs: `--depth quick` proves each kind, `--depth full` adds the tests marked `deep`.

What is marked is never the only proof of something: a siege of twenty rounds stands beside one of two. So
`--depth full -m deep` after a quick run is all that a full run would have added.
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--depth`."""
    parser.addoption(
        "--depth", choices=("quick", "full"), default="quick", help="leave out, or run, the tests marked `deep`"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is deep, unless the depth is full."""
    if config.option.depth == "full":
        return
    deep = [item for item in items if item.get_closest_marker("deep")]
    if deep:
        config.hook.pytest_deselected(items=deep)
        items[:] = [item for item in items if not item.get_closest_marker("deep")]
