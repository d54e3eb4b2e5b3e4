"""What the API says of the success metrics. A share comes with what it is a share of."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from schemas.base import Schema


class Looking(Schema):
    """People of the organisation who looked at their own numbers."""

    people: int = Field(description="Active people of the organisation: the denominator.")
    last_7_days: int = Field(description="Of them, those who opened their dashboard within 7 times 24 hours.")
    last_30_days: int = Field(description="The same within 30.")


class Ending(Schema):
    """Hits that were not stored, by reason."""

    reason: str
    hits: int


class Recording(Schema):
    """Hits of the whole installation since `since`, from the pixel's answer to the log."""

    since: datetime = Field(description="When the earliest run of a collector that is still remembered began, UTC.")
    accepted: int = Field(description="Hits that were safe in a collector's spool when their pixel was answered.")
    lost: int = Field(description="Pixels answered though disk or quota were full: the only hits not kept.")
    malformed: int = Field(description="Requests whose token cannot be one of ours; no hits.")
    stored: int = Field(description="Accepted hits that are in the log.")
    deleted: int = Field(description="Accepted hits, stored or dropped, that retention has deleted since.")
    dropped: list[Ending] = Field(
        description="Accepted hits that ended for an expected reason and are not deleted, most first."
    )
    on_the_way: int = Field(description="accepted - stored - deleted - dropped: neither stored nor dropped yet.")
    waiting_bytes: int = Field(description="Bytes of the spools that the store has not confirmed.")
    share: float | None = Field(description="accepted / (accepted + lost), in percent; null before the first hit.")
    is_exact: bool = Field(description="False: a run ended without a last report; accepted lacks its last seconds.")
    is_deleting: bool = Field(
        description="True: retention is deleting at this moment; until it has, what it deletes may count as on the way."
    )


class Latency(Schema):
    """Time from the request of a pixel to its answer inside the collector, all runs since `since`."""

    since: datetime
    requests: int | None = Field(description="Pixels measured; null for organisations that do not run this server.")
    p50_ms: float | None = Field(description="Null: longer than the longest that is told apart (1 s).")
    p95_ms: float | None
    p99_ms: float | None
    target_ms: int
    within_target: float = Field(description="Percent answered within the target.")


class Losing(Schema):
    """Hits that a collector answers and cannot keep, as it last said."""

    since: datetime = Field(description="When the first of them was lost, UTC.")
    hits: int = Field(description="How many since then.")
    why: str = Field(description="What the collector says: disk, quota, and where.")


class CollectorState(Schema):
    """One collector, as it was last heard of."""

    name: str
    state: Literal["reporting", "silent", "stopped"]
    last_reported_at: datetime
    losing: Losing | None = Field(description="Hits are being lost; null while they are kept.")


class Tracking(Schema):
    """Who has user tracking switched on."""

    is_on: bool = Field(description="In this organisation.")
    organisations: int | None = Field(description="All of this installation; null for those who do not run it.")
    organisations_on: int | None = Field(description="Of them, those with user tracking on.")


class SuccessMetrics(Schema):
    """How well the product does what it is for. What is null is not reported or not for this organisation."""

    looking: Looking
    recording: Recording | None = Field(description="Null: no collector has reported, or not for this organisation.")
    latency: Latency | None = Field(description="Null: no collector has reported a pixel yet.")
    collectors: list[CollectorState] = Field(description="Empty for organisations that do not run this server.")
    tracking: Tracking
    is_operator: bool = Field(description="True: this is the installation's first organisation, which runs it.")
    as_of: datetime = Field(description="When this was counted, UTC.")
