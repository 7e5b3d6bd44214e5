"""A draft is kept while it is written, and nothing that was written is lost."""

from __future__ import annotations

import io

import pytest

from tests.drafts import shapes
from tests.drafts.made import WHOLE

JSON = {"Accept": "application/json"}


def save(client, draft, device="a", based_on=0, **said):
    data = {"device": device, "based_on": str(based_on), **said}
    return client.post(f"/drafts/{draft}/text", data=data, headers=JSON)


def test_it_keeps_what_is_typed_and_counts_the_saves(as_, cast, draft, now_says):
    alice = as_(cast.alice)

    first = save(alice, draft, process="先问。\r\n\r\n再算。")
    second = save(alice, draft, based_on=1, process="先问清楚。")

    assert (first.status_code, first.json) == (200, {"state": "saved", "sequence": 1})
    assert second.json["sequence"] == 2
    assert now_says(draft).process == "先问清楚。"
    assert now_says(draft).title == WHOLE["title"]


def test_a_page_whose_answer_was_lost_goes_on(as_, cast, draft, now_says):
    alice = as_(cast.alice)
    save(alice, draft, process="先问。")

    again = save(alice, draft, process="先问清楚。")

    assert again.json == {"state": "saved", "sequence": 2}
    assert save(alice, draft, "b", process="先问清楚。").json["sequence"] == 2  # the same words are no conflict


def test_two_places_are_told_of_each_other(as_, cast, draft, now_says):
    alice, bo = as_(cast.alice), as_(cast.bo)
    save(bo, draft, "b", results="街道改的。")

    refused = save(alice, draft, results="我改的。")

    assert (refused.status_code, refused.json["state"]) == (409, "conflict")
    assert now_says(draft).results == "街道改的。"
    save(alice, draft, insists="aside", results="我改的。")
    assert now_says(draft).results == "街道改的。"
    assert "我改的。" in alice.get(f"/drafts/{draft}/copies").text  # given up here, and not lost
    assert save(alice, draft, based_on=1, results="一起改的。").json["state"] == "saved"
    assert "街道改的。" not in alice.get(f"/drafts/{draft}/copies").text  # the page had seen what it replaced


def test_whoever_insists_unseen_leaves_a_copy_that_can_be_brought_back(as_, cast, draft, now_says, trail):
    alice, bo = as_(cast.alice), as_(cast.bo)
    save(bo, draft, "b", results="街道改的。")

    save(alice, draft, insists="1", results="我改的。")

    copies = alice.get(f"/drafts/{draft}/copies")
    assert "街道改的。" in copies.text
    assert alice.post(f"/drafts/{draft}/copies/1").status_code == 303
    assert now_says(draft).results == "街道改的。"
    assert "我改的。" in alice.get(f"/drafts/{draft}/copies").text
    assert trail()[-1].verb == "drafts.restore"
    assert as_(cast.mallory).post(f"/drafts/{draft}/copies/1").status_code == 404
    assert as_(cast.sun).post(f"/drafts/{draft}/copies/1").status_code == 404
    assert alice.get(f"/drafts/{draft}/copies/1").status_code == 405


def test_without_scripts_the_form_says_what_stands_elsewhere(as_, cast, draft, now_says):
    alice = as_(cast.alice)
    save(as_(cast.bo), draft, "b", results="街道改的。")

    page = alice.post(f"/drafts/{draft}", data={"based_on": "0", "results": "我改的。", "then": "stay"})

    assert page.status_code == 409
    assert "街道改的。" in page.text and "我改的。" in page.text
    assert alice.post(
        f"/drafts/{draft}", data={"based_on": "0", "insists": "1", "results": "我改的。", "then": "preview"}
    ).location.endswith("/preview")
    assert now_says(draft).results == "我改的。"


def test_boxes_without_a_mark_are_emptied_only_by_a_whole_form(as_, cast, draft, now_says):
    alice = as_(cast.alice)
    save(alice, draft, process="改")
    assert now_says(draft).abilities == ["mediation"]

    save(alice, draft, based_on=1, whole="1", abilities=["organizing", "mediation"])

    assert now_says(draft).abilities == ["organizing", "mediation"]
    assert now_says(draft).themes == []


def test_what_is_too_long_or_unknown_is_refused_and_named(as_, cast, draft, now_says):
    alice = as_(cast.alice)

    long = save(alice, draft, title="长" * 61)

    assert (long.status_code, long.json["state"]) == (422, "refused")
    assert "标题" in long.json["message"]
    assert save(alice, draft, whole="1", abilities=["flying"]).status_code == 422
    assert save(alice, draft, device="<x>", title="新").status_code == 422
    assert save(alice, draft, title="空\x00").status_code == 400
    assert now_says(draft).title == WHOLE["title"]


@pytest.mark.parametrize(
    "path",
    ["", "/text", "/pictures", "/masking", "/submission", "/discard", "/arrangement"],
    ids=lambda path: path or "/",
)
def test_only_authors_and_those_who_run_the_unit_write(as_, cast, draft, path, now_says):
    for stranger in (cast.mallory, cast.sun, cast.wen):
        assert as_(stranger).post(f"/drafts/{draft}{path}", data={"title": "别人的"}).status_code == 404
    if path not in ("", "/arrangement"):
        assert as_(cast.alice).get(f"/drafts/{draft}{path}").status_code == 405
    assert now_says(draft).title == WHOLE["title"]


def test_drafts_are_listed_for_those_who_may_write_them(as_, cast, draft):
    assert WHOLE["title"] in as_(cast.alice).get("/drafts/").text
    assert WHOLE["title"] in as_(cast.tina).get("/drafts/").text
    assert WHOLE["title"] not in as_(cast.mallory).get("/drafts/").text
    assert WHOLE["title"] not in as_(cast.sun).get("/drafts/").text
    assert as_(cast.sun).get(f"/drafts/{draft}/preview").status_code == 404


def test_a_picture_is_put_in_place_small_and_without_its_place(as_, cast, draft, now_says):
    alice = as_(cast.alice)
    photo = shapes.picture(2400, 1200, orientation=6, place=True)

    heard = alice.post(f"/drafts/{draft}/pictures", data={"file": (io.BytesIO(photo), "IMG.JPG")}, headers=JSON)
    placed = alice.post(f"/drafts/{draft}/pictures", data={"file": (io.BytesIO(photo), "b.jpg"), "section": "results"})

    name = heard.json["name"]
    assert heard.json["markdown"] == f"![图片](files/{name})"
    assert placed.status_code == 303
    assert now_says(draft).results.endswith(f"![](files/{name})")
    with alice.get(f"/drafts/{draft}/files/{name}") as file:
        assert file.mimetype == "image/jpeg" and b"Exif" not in file.data
    assert f'src="/drafts/{draft}/files/{name}"' in alice.get(f"/drafts/{draft}/preview").text
    assert as_(cast.mallory).get(f"/drafts/{draft}/files/{name}").status_code == 404
    nothing = alice.post(f"/drafts/{draft}/pictures", data={"file": (io.BytesIO(b"<svg/>"), "a.svg")}, headers=JSON)
    assert nothing.status_code == 422 and nothing.json["message"]


def test_giving_a_draft_up_takes_everything_with_it(as_, cast, draft, trail):
    alice = as_(cast.alice)

    assert alice.post(f"/drafts/{draft}/discard").status_code == 303

    assert trail()[-1].verb == "drafts.discard"
    assert alice.get(f"/drafts/{draft}").status_code == 404
