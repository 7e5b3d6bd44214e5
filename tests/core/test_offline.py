"""What the server does for a phone without a signal, and for whoever holds it next."""

from __future__ import annotations


def test_the_worker_may_serve_every_page(client) -> None:
    with client.get("/sw.js") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Service-Worker-Allowed"] == "/"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "import" not in answer.get_data(as_text=True)[:200]  # it is no module


def test_the_site_can_be_installed(client) -> None:
    manifest = client.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert manifest.json["display"] == "standalone"
    for icon in manifest.json["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.mimetype == icon["type"]


def test_each_page_names_its_reader_by_a_digest(as_, cast, client) -> None:
    alice, again, bo = (as_(person).get("/courses/") for person in (cast.alice, cast.alice, cast.bo))
    assert alice.headers["X-Reader"] == again.headers["X-Reader"] != bo.headers["X-Reader"]
    assert client.get("/sign-in").headers["X-Reader"] == ""
    assert alice.headers["Cache-Control"] == "no-store"


def test_signing_out_tells_the_browser_to_forget(as_, cast) -> None:
    answer = as_(cast.alice).post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_the_offline_page_is_anybodys(client) -> None:
    assert "手机里能读的" in client.get("/offline").get_data(as_text=True)
