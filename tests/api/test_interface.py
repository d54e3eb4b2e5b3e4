from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app import problems
from app.interface import mount_interface


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<title>page</title>")
    (tmp_path / "dist" / "assets" / "index-4f2a.js").write_text("1")
    (tmp_path / "dist" / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "dist"


def client(dist: Path) -> httpx.AsyncClient:
    app = FastAPI()
    problems.install(app)
    mount_interface(app, dist)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_every_page_is_the_index_and_is_asked_for_each_time(dist: Path) -> None:
    for path in ("/", "/engagement", "/signin/abc123"):
        answer = await client(dist).get(path)
        assert answer.text == "<title>page</title>"
        assert answer.headers["cache-control"] == "no-cache"


async def test_hashed_assets_are_kept_for_a_year_and_other_files_are_not(dist: Path) -> None:
    assert "immutable" in (await client(dist).get("/assets/index-4f2a.js")).headers["cache-control"]
    assert (await client(dist).get("/icon.svg")).headers["cache-control"] == "no-cache"


async def test_whoever_has_a_file_is_told_so(dist: Path) -> None:
    first = await client(dist).get("/icon.svg")
    again = await client(dist).get("/icon.svg", headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    (dist / "icon.svg").write_text("<svg>new</svg>")
    assert (await client(dist).get("/icon.svg", headers={"if-none-match": first.headers["etag"]})).status_code == 200


async def test_pages_of_others_may_load_the_widget_and_nothing_else(dist: Path) -> None:
    (dist / "widget.js").write_text("1")
    answer = await client(dist).get("/widget.js")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"].startswith("public, max-age=3600")
    assert "access-control-allow-origin" not in (await client(dist).get("/icon.svg")).headers


async def test_a_missing_file_is_404_and_not_the_page(dist: Path) -> None:
    assert (await client(dist).get("/assets/gone-1234.js")).status_code == 404


async def test_nothing_outside_of_the_build_is_served(dist: Path) -> None:
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd"):
        assert "secret" not in (await client(dist).get(path)).text.replace("/secret.txt", "")


async def test_without_a_build_the_page_says_what_to_run(tmp_path: Path) -> None:
    answer = await client(tmp_path).get("/")
    assert answer.status_code == 200
    assert "make ui" in answer.text


async def test_texts_travel_gzipped_to_whoever_takes_that_and_are_known_again(dist: Path) -> None:
    text = "const a = 1;\n" * 500
    (dist / "assets" / "big-77aa.js").write_text(text)
    plain = await client(dist).get("/assets/big-77aa.js", headers={"accept-encoding": "identity"})
    assert plain.text == text and "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "accept-encoding"
    small = await client(dist).get("/assets/big-77aa.js", headers={"accept-encoding": "br, gzip"})
    assert small.text == text and small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(text) / 10
    assert small.headers["etag"] != plain.headers["etag"] and "immutable" in small.headers["cache-control"]
    known = {"accept-encoding": "gzip", "if-none-match": small.headers["etag"]}
    assert (await client(dist).get("/assets/big-77aa.js", headers=known)).status_code == 304
    (dist / "assets" / "big-77aa.js").write_text(text + "//")
    assert (await client(dist).get("/assets/big-77aa.js")).text == text + "//"


@pytest.mark.parametrize(
    "path",
    [
        "/" + "a" * 300,
        "/" + "a" * 64_000,
        "/" + "a/" * 32_000,
        "/%00",
        "/assets/%00.js",
        "/a%00b",
        "/%0aforged",
        "/%1b%5b2J",
        "/%ff%fe",
        "/%ed%a0%80",
        "/" + "%F0%9F%92%A9" * 70,
    ],
    ids=lambda path: path[:16],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_path_that_no_file_can_have_is_404(dist: Path, path: str, method: str) -> None:
    answer = await client(dist).request(method, path)
    assert answer.status_code == 404
    assert len(answer.content) < 100_000
    if method == "GET":
        assert answer.json()["code"] == "not_found"
        assert len(answer.json()["detail"]) < 500


async def test_a_name_that_the_file_system_refuses_is_404(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dist / "loop").symlink_to(dist / "loop")
    assert (await client(dist).get("/loop/x.js")).status_code == 404

    def refuses(_path: Path) -> bool:
        raise PermissionError(13, "not allowed")

    monkeypatch.setattr("app.interface.is_possible", lambda _path: True)
    assert (await client(dist).get("/" + "a" * 64_000 + ".js")).status_code == 404
    monkeypatch.setattr(Path, "is_file", lambda path: path.name == "index.html" or refuses(path))
    assert (await client(dist).get("/assets/index-4f2a.js")).status_code == 404


async def test_a_problem_names_the_whole_path_that_was_asked(dist: Path) -> None:
    answer = await client(dist).get("/icon.svg%3Fgone%23.js")
    assert (answer.status_code, answer.json()["instance"]) == (404, "/icon.svg?gone#.js")
