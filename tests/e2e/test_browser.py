"""The whole product in a real browser: the files of `app/ui/e2e` against `heliograph up`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.npm import build_interface, npm
from tests.fixtures.product import Product


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_a_person_signs_in_opens_their_signature_and_sees_the_number_move(product: Product) -> None:
    build_interface()  # what the product serves is what stands in the sources
    npm("run", "--silent", "e2e", "--", "journey", env={"READY_JSON": str(product.data / "ready.json")})


STRANGER = "stranger@elsewhere.example"
WHO = {
    "admin": "admin@demo.example",
    "analyst": "analyst@demo.example",
    "member": "liam.oconnor@demo.example",
    "stranger": STRANGER,
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with a month of opens of twelve people, an admin, an analyst, and another organisation."""
    build_interface()
    product = Product(tmp_path_factory.mktemp("filled") / "data")
    try:
        product.start()
        for command in (
            ("--data", str(product.data), "demo", "--people", "12", "--days", "30", "--seed", "7", "--yes"),
            ("users", "add", "admin@demo.example", "--name", "Adam Admin", "--role", "admin"),
            ("users", "add", "analyst@demo.example", "--name", "Mona Manager", "--role", "analyst"),
            ("users", "add-organisation", "Elsewhere", "--owner", STRANGER, "--owner-name", "Stranger"),
        ):
            done = product.command(*command)
            assert done.returncode == 0, done.stdout + done.stderr
        yield product
    finally:
        if product.is_running:
            product.stop()


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("name", "looks"),
    [("roles", "some"), ("access", "some"), ("pages", "some"), pytest.param("pages", "all", marks=pytest.mark.deep)],
)
def test_three_people_do_their_work_and_every_page_is_clean_for_axe(
    filled: Product, name: str, looks: str, tmp_path: Path
) -> None:
    people = {"owner": filled.get("/api/me")["user"]["email"], **WHO}
    links = {who: filled.command("users", "signin-link", mail).stdout.strip() for who, mail in people.items()}
    (tmp_path / "links.json").write_text(json.dumps(links))
    environment = {
        "READY_JSON": str(filled.data / "ready.json"),
        "LINKS_JSON": str(tmp_path / "links.json"),
        "LOOKS": looks,
    }
    npm("run", "--silent", "e2e", "--", name, env=environment)
