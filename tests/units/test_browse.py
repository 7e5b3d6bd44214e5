"""Browsing the tree within one's own subtree."""

from tests.cast import Cast


def test_an_administrator_sees_the_units_below(as_, cast: Cast) -> None:
    page = as_(cast.chen).get(f"/units/{cast.street}").get_data(as_text=True)
    assert "光明社区" in page


def test_another_county_gets_404(as_, cast: Cast) -> None:
    assert as_(cast.mallory).get(f"/units/{cast.street}").status_code == 404


def test_a_worker_may_not_browse(as_, cast: Cast) -> None:
    assert as_(cast.alice).get("/units/").status_code == 403


def test_a_search_stays_within_reach(as_, cast: Cast) -> None:
    page = as_(cast.chen).get("/units/?q=社区").get_data(as_text=True)
    assert "水岸社区" in page
    assert "江南社区" not in page
