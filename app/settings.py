"""Every setting, read once from the environment by the entry points and handed down.

`docs/configuration.md` is generated from the descriptions here (`make docs`), and a test compares the two.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.setting_types import (
    ClickHouseUrl,
    DatabaseUrl,
    DirectoryPath,
    Domains,
    FilePath,
    Host,
    HostNames,
    Issuer,
    KafkaUrl,
    KnownNetworks,
    Milliseconds,
    Name,
    PixelUrl,
    Port,
    Proxies,
    PublicUrl,
    RedisUrl,
    Scopes,
    Seconds,
    SecretText,
    Text,
    refuse_all,
)

Linger = Annotated[float, Field(ge=0, le=60_000, allow_inf_nan=False)]
"""Milliseconds that something waits for more of its kind; 0 is not at all."""


class Settings(BaseSettings):
    """Settings of all processes; each field is an environment variable of the same name in upper case."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    # -- backing services ---------------------------------------------------------------------------------
    kafka_url: KafkaUrl = Field(
        "kafka://127.0.0.1:9092", description="Kafka bootstrap, `kafka://host:port[,host:port]`."
    )
    clickhouse_url: ClickHouseUrl = Field(
        SecretStr("http://default:@127.0.0.1:8123/heliograph"),
        description="ClickHouse over HTTP: `http://user:password@host:port/database`.",
    )
    redis_url: RedisUrl = Field(
        SecretStr("redis://127.0.0.1:6379/0"), description="Redis or Valkey; losing it loses no data."
    )
    database_url: DatabaseUrl = Field(
        SecretStr("sqlite+aiosqlite:///data/heliograph.db"),
        description="Relational store: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://user:password@host/db`.",
    )

    # -- addresses ----------------------------------------------------------------------------------------
    public_url: PublicUrl = Field(
        "http://127.0.0.1:8800", description="Where people open the product in a browser: the root of a host name."
    )
    trusted_hosts: HostNames = Field(
        "",
        description="More names the API is reached by, comma separated, beside the host of `PUBLIC_URL`, `localhost` "
        "and numbers of private networks. Other names get 400.",
    )
    collector_public_url: PixelUrl = Field(
        "http://127.0.0.1:8801",
        description="Where mail clients load pixels; goes into every signature. A path is possible, kept or taken away "
        "by the proxy.",
    )
    api_host: Host = Field("127.0.0.1", description="Address the API listens on.")
    api_port: Port = Field(8800, description="Port the API listens on.")
    collector_host: Host = Field("127.0.0.1", description="Address the collector listens on.")
    collector_port: Port = Field(8801, description="Port the collector listens on.")
    worker_host: Host = Field("127.0.0.1", description="Address of the worker's metrics and readiness.")
    worker_port: Port = Field(8802, description="Port of the worker's metrics and readiness.")

    # -- collector ----------------------------------------------------------------------------------------
    collector_id: Name = Field(
        "collector-1",
        description="Name of this collector; one for each spool directory, never shared by two processes.",
    )
    spool_dir: DirectoryPath = Field(Path("data/spool/collector-1"), description="Directory of this collector's spool.")
    spool_sync: Literal["os", "disk"] = Field(
        "os",
        description="What a group commit waits for: `os` survives kill -9, `disk` (fdatasync) a power cut.",
    )
    spool_segment_bytes: int = Field(
        16 * 2**20, ge=2**10, le=2**30, description="A segment is closed at this size, in bytes."
    )
    spool_segment_seconds: Seconds = Field(60, description="A segment with hits is closed at this age, in seconds.")
    spool_quota_bytes: int = Field(
        4 * 2**30,
        ge=2**16,
        le=2**50,
        description="Disk the spool may take, in bytes; above it the newest hits are dropped, counted.",
    )
    spool_horizon_seconds: float = Field(
        600,
        ge=0,
        le=366 * 24 * 3600,
        allow_inf_nan=False,
        description="How long a segment is kept after the last of its hits was stored, in seconds.",
    )
    spool_resend_seconds: Seconds = Field(
        900, description="A sent frame without a receipt from the store is sent again after this, in seconds."
    )
    spool_hold_file: FilePath | None = Field(
        None, description="While this file exists the forwarder sends nothing; the collector goes on."
    )
    frame_max_events: int = Field(500, ge=1, le=500, description="Most hits in one Kafka record.")
    frame_linger_ms: Linger = Field(20, description="Longest wait for more hits before a frame is sent, in ms.")
    trusted_proxies: Proxies = Field(
        "",
        description="Networks, comma separated, whose `X-Forwarded-For` is believed. Empty: the peer is the client.",
    )
    known_networks: KnownNetworks = Field(
        "",
        description="Named networks, `name=cidr` comma separated (`office=203.0.113.0/24`), noted on each hit.",
    )
    rate_limit_per_minute: int = Field(
        100,
        ge=0,
        le=1_000_000,
        description="Hits of one address on one token that count in each minute of the UTC clock; later ones are "
        "stored and flagged. 0: no limit.",
    )
    rate_limit_exchange_ms: Milliseconds = Field(
        500, description="How often collectors tell each other, through Redis, about addresses that come often."
    )
    salts_file: FilePath = Field(
        Path("data/salts.json"), description="Day salts beside the collector (mode 0600); one file per host."
    )
    salts_sync_seconds: Seconds = Field(
        30, description="How often the collector compares its salts with the relational store, in seconds."
    )

    # -- stream -------------------------------------------------------------------------------------------
    kafka_partitions: int = Field(4, ge=1, le=1_000, description="Partitions of each topic, when we make it.")
    kafka_replication: int = Field(1, ge=1, le=100, description="Replicas of each topic, when we make it.")
    kafka_session_timeout_seconds: float = Field(
        10,
        ge=2,
        le=3_600,
        allow_inf_nan=False,
        description="A worker that is silent this long loses its partitions, in seconds.",
    )
    kafka_rebalance_timeout_seconds: float = Field(
        3, ge=1, le=3_600, allow_inf_nan=False, description="Longest rebalance, in seconds."
    )
    worker_id: Name = Field("worker-1", description="Name of this worker in logs and metrics.")
    store_block_events: int = Field(20_000, ge=1, le=1_000_000, description="Most events inserted as one block.")
    store_linger_ms: Linger = Field(100, description="Longest wait for more frames before a block is stored, in ms.")
    dead_letters_ceiling: int = Field(
        100,
        ge=0,
        le=1_000_000,
        description="More dead letters than this in a minute stop the worker: rather stop than discard.",
    )

    behaviour_interval_seconds: Seconds = Field(
        60, description="How often one of the workers looks across the hits of each visitor, in seconds."
    )
    behaviour_many_tokens: int = Field(
        30,
        ge=0,
        le=1_000_000,
        description="A visitor that loads the signatures of so many people within 10 s is a machine. 0: rule off.",
    )
    behaviour_burst: int = Field(
        20,
        ge=0,
        le=1_000_000,
        description="A visitor that loads one signature so often within 10 s is a machine. 0: rule off.",
    )

    # -- ClickHouse ---------------------------------------------------------------------------------------
    query_timeout_seconds: Seconds = Field(10, description="Longest dashboard query, in seconds.")
    sql_time_limit_seconds: Seconds = Field(30, description="Longest ad-hoc query, in seconds.")
    sql_row_limit: int = Field(10_000, ge=0, le=2**40, description="Most rows an ad-hoc query returns.")
    dedup_window_blocks: int = Field(
        1000,
        ge=100,
        le=1_000_000,
        description="Blocks per partition whose tokens ClickHouse remembers, set when tables are made.",
    )

    # -- people and API -----------------------------------------------------------------------------------
    session_days: int = Field(30, ge=1, le=3_650, description="A session ends this many days after its last use.")
    signin_link_minutes: int = Field(
        60, ge=1, le=366 * 24 * 60, description="A one-time sign-in link works this long, in minutes."
    )
    secure_cookies: bool = Field(False, description="Mark cookies `Secure`; set it wherever TLS ends before us.")
    oidc_issuer: Issuer = Field(
        "", description="Issuer of your OpenID provider, exactly as it names itself. Empty: no sign-in through one."
    )
    oidc_client_id: Text = Field("", description="Client id the provider gave this product.")
    oidc_client_secret: SecretText = Field(
        SecretStr(""), description="Client secret; it also signs the cookie of a sign-in under way."
    )
    oidc_name: Text = Field("single sign-on", description="What the sign-in page calls the provider.")
    oidc_scopes: Scopes = Field("openid email profile", description="Scopes that are asked for, separated by blanks.")
    oidc_allowed_domains: Domains = Field(
        "", description="Domains of addresses that may come in through the provider, comma separated. Empty: all."
    )
    oidc_trust_email: bool = Field(
        False,
        description="Believe an address of which the provider does not say whether it is verified. Only for a provider "
        "whose addresses your own administrators assign.",
    )
    oidc_create_people: bool = Field(False, description="Add somebody the provider knows and we do not, as a member.")
    oidc_organisation: Text = Field(
        "", description="Name of the organisation whose people the provider knows. Empty: whichever has the address."
    )
    live_interval_ms: Milliseconds = Field(
        250, description="Shortest time between two live updates of one topic, in ms."
    )
    live_heartbeat_seconds: Seconds = Field(15, description="Silence after which a live stream sends a comment.")
    live_queue_size: int = Field(
        64, ge=1, le=100_000, description="Updates kept for a slow live client before it is told to resync."
    )
    live_poll_seconds: Seconds = Field(
        3, description="While Redis is away, every live topic is asked again this often, in seconds."
    )
    live_stream_minutes: float = Field(
        30,
        gt=0,
        le=24 * 60,
        allow_inf_nan=False,
        description="A live stream ends after about this long, and the client signs in again, in minutes.",
    )
    live_streams_per_person: int = Field(
        30, ge=1, le=10_000, description="Live streams that one person may have open at once in each API process."
    )
    max_connections: int = Field(
        10_000,
        ge=1,
        le=1_000_000,
        description="Connections that the API, and each collector, take at once; others wait.",
    )
    body_limit_bytes: int = Field(
        2**20, ge=2**10, le=2**30, description="Largest request body the API reads, in bytes."
    )
    connection_idle_seconds: float = Field(
        30,
        ge=1,
        le=24 * 3600,
        allow_inf_nan=False,
        description="API and collectors close a connection on which no whole request head has come for this long, in "
        "seconds. Make it longer than a load balancer keeps idle connections (AWS ALB: 60).",
    )
    body_silence_seconds: float = Field(
        30,
        gt=0,
        le=24 * 3600,
        allow_inf_nan=False,
        description="A request body of which nothing comes for this long is answered 408, in seconds; so is one slower "
        "than 500 bytes a second.",
    )
    import_limit_bytes: int = Field(
        50 * 2**20,
        ge=2**10,
        le=2**34,
        description="Largest CSV file of people the API imports, in bytes; it is never kept whole.",
    )

    # -- telemetry ----------------------------------------------------------------------------------------
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Lowest level logged.")
    metrics_token: SecretText = Field(
        SecretStr(""),
        description="Whoever sends it as `Authorization: Bearer …` sees metrics and why something is not ready. Empty: "
        "only this machine itself does.",
    )
    log_format: Literal["text", "json"] = Field("text", description="`text` for people, `json` for machines.")

    @model_validator(mode="after")
    def _know_who_we_are_at_the_provider(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret.get_secret_value()):
            raise refuse_all("OIDC_ISSUER is set; set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET too")
        return self
