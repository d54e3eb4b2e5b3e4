"""Apache Kafka: one KRaft node from the jars that Maven fetches into `.cache/kafka`."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.services.service import MissingPartError, Service, free_port

HERE = Path(__file__).parent / "kafka"
CACHE = Path(__file__).parents[2] / ".cache" / "kafka"
JAVA_RELEASE = 17

_SERVER = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=BROKER://127.0.0.1:{port}
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=2
"""


def prepare(base: Path) -> Service:
    """Fetch the jars if needed, write the configuration, format the storage. Raises `MissingPartError`."""
    java = _java()
    classpath = str(_jars() / "*")
    home = base / "kafka"
    home.mkdir()
    port = free_port()
    properties = home / "server.properties"
    properties.write_text(_SERVER.format(port=port, controller=free_port(), data=home / "data"))
    logging = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
    storage_tool = [java, "-cp", classpath, logging, "kafka.tools.StorageTool"]
    cluster = _run([*storage_tool, "random-uuid"]).strip()
    _run([*storage_tool, "format", "--standalone", "--cluster-id", cluster, "--config", str(properties)])
    heap = ["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData"]
    return Service(
        name="kafka",
        command=[java, *heap, "-cp", classpath, logging, "kafka.Kafka", str(properties)],
        log=str(base / "kafka.log"),
        port=port,
        url=f"kafka://127.0.0.1:{port}",
    )


async def is_ready(service: Service) -> None:
    """Ask the node for its cluster; raises while it cannot answer."""
    _, writer = await asyncio.open_connection("127.0.0.1", service.port)  # aiokafka logs every refusal
    writer.close()
    client = AIOKafkaAdminClient(bootstrap_servers=f"127.0.0.1:{service.port}", request_timeout_ms=3000)
    try:
        await client.start()
        await client.describe_cluster()
    except KafkaError as error:
        raise ConnectionError(f"Kafka on port {service.port}: {error}") from error
    finally:
        await client.close()


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        raise MissingPartError("java is not installed: apt-get install default-jdk-headless")
    text = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    match = re.search(r'version "(\d+)', text)
    if match is None or int(match.group(1)) < JAVA_RELEASE:
        raise MissingPartError(f"Kafka needs Java {JAVA_RELEASE} or later; {java} is {text.splitlines()[0]}")
    return java


def _jars() -> Path:
    """Return the folder of jars, filled by Maven when the pom is newer than its last success."""
    jars, stamp, pom = CACHE / "libs", CACHE / "complete", HERE / "pom.xml"
    if stamp.exists() and stamp.read_text() == pom.read_text():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingPartError("Maven is not installed; it fetches Kafka's jars: apt-get install maven")
    print("fetching Apache Kafka with Maven (54 MB, once) …", flush=True)
    shutil.rmtree(jars, ignore_errors=True)
    jars.mkdir(parents=True)
    options = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
    try:
        _run([maven, "-q", "-B", "-f", str(pom), *options])
    except RuntimeError as error:
        raise MissingPartError(f"Maven could not fetch Apache Kafka; is a repository in reach?\n{error}") from error
    stamp.write_text(pom.read_text())
    return jars


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout
