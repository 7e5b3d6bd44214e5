"""Taking a quiz over HTTP: the page, saving, two devices, deadlines, submitting, the result."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.core import clock
from lms.core.audit import AuditRow
from lms.core.errors import Refused
from lms.quizzes import queries
from lms.quizzes.events import attempt_graded
from lms.quizzes.models import Attempt, AttemptAnswer, AttemptQuestion, QuestionVersion
from lms.quizzes.papers import Draw
from tests.quizzes.conftest import BANK, DEVICE, ESSAY, tags

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def attempt_id(stage):
    return stage.start(stage.publish())


@pytest.fixture
def heard():
    """What was announced while the test ran."""
    events = []

    def hear(_sender, **values):
        events.append(values["attempt"].id)

    attempt_graded.connect(hear)
    yield events
    attempt_graded.disconnect(hear)


# From start to result


def test_a_quiz_from_start_to_result(stage, attempt_id, heard):
    alice = stage.as_(stage.cast.alice)
    assert alice.get(f"/quizzes/attempts/{attempt_id}").status_code == 200

    stage.answer_all(attempt_id)
    confirm = alice.get(f"/quizzes/attempts/{attempt_id}/submit")
    reply = stage.submit(attempt_id)

    assert "6 道题都已作答" in confirm.text
    assert (reply.status_code, reply.location) == (303, f"/quizzes/attempts/{attempt_id}/result")
    attempt = stage.attempt(attempt_id)
    assert (attempt.percent, attempt.passed) == (Decimal(100), True)
    assert heard == [attempt_id]


def test_the_result_explains_every_option(stage, attempt_id):
    stage.answer_all(attempt_id)
    stage.submit(attempt_id)

    words = tags(stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}/result").text)

    assert "通过了：100 分" in words
    for said in ("CANARY 反馈一", "CANARY 反馈二", "CANARY 总解释", "CANARY 对", "您选了，正确", "20 ± 2", "城管"):
        assert said in words, said


def test_a_failed_result_says_what_is_left(stage):
    attempt_id = stage.start(stage.publish(attempts_allowed=3, wait_hours=2))
    stage.submit(attempt_id)

    words = tags(stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}/result").text)

    assert "没有通过：0 分" in words
    assert "以后可以再做一次" in words
    assert "还有 2 次机会" in words
    assert "没有作答" in words


def test_answers_are_there_again_on_another_device(stage, attempt_id):
    name = stage.names(attempt_id, 1)["对的一"]
    stage.save(attempt_id, 1, name)
    stage.save(attempt_id, 4, "“议事” & <会>")

    page = stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}").text

    assert re.search(rf'value="{name}"[^>]* checked', page)
    assert 'value="“议事” &amp; &lt;会&gt;"' in page
    assert 'name="based_on.1" value="1"' in page


def test_the_pages_exist_in_english(stage, attempt_id):
    alice = stage.as_(stage.cast.alice)
    alice.set_cookie("language", "en")
    stage.save(attempt_id, 1, stage.names(attempt_id, 1)["对的一"])

    assert alice.get(f"/quizzes/attempts/{attempt_id}").status_code == 200
    assert alice.get(f"/quizzes/attempts/{attempt_id}/submit").status_code == 200
    stage.submit(attempt_id)
    assert alice.get(f"/quizzes/attempts/{attempt_id}/result").status_code == 200


def test_the_form_works_without_scripts(stage, attempt_id):
    alice = stage.as_(stage.cast.alice)
    two = stage.names(attempt_id, 2)
    data: dict[str, Any] = {f"based_on.{n}": 0 for n in range(1, 7)}
    data |= {"q1": stage.names(attempt_id, 1)["对的一"], "q2": [two["对的二"], two["对的三"]], "q4": "canary议事会"}

    reply = alice.post(f"/quizzes/attempts/{attempt_id}/answers", data={**data, "device": DEVICE, "then": "submit"})

    assert (reply.status_code, reply.location) == (303, f"/quizzes/attempts/{attempt_id}/submit")
    assert [item.response is not None for item in stage.items(attempt_id)] == [True, True, False, True, False, False]
    assert "还有 3 道题没有作答" in tags(alice.get(reply.location).text)


def test_one_question_can_be_saved_by_a_form_without_scripts(stage, attempt_id):
    alice = stage.as_(stage.cast.alice)
    data = {"q4": "议事会", "sequence": 1, "based_on": 0, "device": DEVICE}

    reply = alice.post(f"/quizzes/attempts/{attempt_id}/answers/4", data=data)

    assert (reply.status_code, reply.location) == (303, f"/quizzes/attempts/{attempt_id}#question-4")


# B1 to B3: nothing leaks


def test_no_key_or_explanation_reaches_the_browser_before_submission(stage):
    attempt_id = stage.start(stage.publish(f"{ESSAY}\n" + BANK))
    alice = stage.as_(stage.cast.alice)
    replies = [
        alice.get(f"/quizzes/attempts/{attempt_id}"),
        alice.get(f"/quizzes/attempts/{attempt_id}/submit"),
        alice.get(f"/quizzes/attempts/{attempt_id}/result", follow_redirects=True),
        stage.save(attempt_id, 2, stage.names(attempt_id, 2)["错的一"]),
        stage.save(attempt_id, 2, stage.names(attempt_id, 2)["对的一"], device="device-two"),
        stage.save(attempt_id, 5, "别的"),
        stage.save(attempt_id, 5, "x" * 501),
    ]

    for reply in replies:
        assert "CANARY" not in reply.text + str(reply.headers)


def test_option_names_and_order_differ_between_attempts_and_say_nothing(stage):
    paper_id = stage.publish("题 {=对的 ~错一 ~错二 ~错三}")
    names, places = set(), set()
    for _ in range(12):
        attempt_id = stage.start(paper_id)
        [view] = stage.views(attempt_id)
        texts = [o.label.text for o in view.input.options]
        names |= {o.name for o in view.input.options}
        places.add(texts.index("对的"))
        stage.submit(attempt_id)

    assert len(names) == 48
    assert len(places) > 1
    assert all(re.fullmatch("[0-9a-f]{12}", name) for name in names)


def test_what_a_page_holds_is_the_same_whatever_is_right(stage):
    """Swap the key: but for names and order the page must not change."""
    pages = []
    for text in ("题 {=甲 ~乙 ~丙}", "题 {~甲 ~乙 =丙}"):
        attempt_id = stage.start(stage.publish(text))
        page = stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}").text
        page = re.sub(
            r"[0-9a-f]{12,}|attempts/\d+|data-attempt=\"\d+\"|(device|page|csrf_token|csrf-token)\"[^>]*", "", page
        )
        pages.append(sorted(re.split(r"甲|乙|丙", page)))

    assert pages[0] == pages[1]


# B4, B5, B11: at once


def at_once(count, work):
    """Run the same work in threads that begin together; what they return, in any order."""
    barrier, results = Barrier(count), []

    def run():
        barrier.wait()
        results.append(work())

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_fifty_identical_submits_are_one(stage, attempt_id, heard):
    stage.answer_all(attempt_id)
    clients = [stage.as_(stage.cast.alice) for _ in range(50)]

    replies = at_once(50, lambda: stage.submit(attempt_id, clients.pop()))

    assert {(r.status_code, r.location, r.data) for r in replies} == {
        (303, f"/quizzes/attempts/{attempt_id}/result", replies[0].data)
    }
    assert heard == [attempt_id]
    with stage.work() as session:
        submitted = select(func.count()).select_from(AuditRow).where(AuditRow.verb == "quizzes.submit")
        assert session.scalar(submitted) == 1


def test_ten_starts_at_once_with_one_attempt_left_are_one(stage):
    paper_id = stage.publish(attempts_allowed=1)
    stage.sign_in()

    started = at_once(10, lambda: stage.start(paper_id))

    assert len(started) == 10
    assert len(set(started)) == 1
    with stage.work() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1
        assert session.scalar(select(func.count()).select_from(AttemptQuestion)) == 6


def test_no_answer_that_was_called_saved_is_lost_by_a_submission_at_the_same_time(stage, attempt_id):
    name = stage.names(attempt_id, 1)["对的一"]
    clients = [stage.as_(stage.cast.alice) for _ in range(8)]
    acts = [lambda c: stage.save(attempt_id, 1, name, client=c), lambda c: stage.submit(attempt_id, c)] * 4

    replies = at_once(8, lambda: acts.pop()(clients.pop()))

    saved = any(r.status_code == 200 for r in replies if r.is_json)
    percent = stage.attempt(attempt_id).percent
    assert percent == (Decimal("16.67") if saved else Decimal(0))


# B6: two devices


def test_the_second_device_is_told_what_the_first_answered(stage, attempt_id):
    names = stage.names(attempt_id, 1)
    stage.save(attempt_id, 1, names["对的一"])

    reply = stage.save(attempt_id, 1, names["错的一"], device="device-two")

    assert reply.status_code == 409
    assert reply.json["state"] == "conflict"
    assert reply.json["sequence"] == 1
    assert reply.json["answer"]["chosen"] == [names["对的一"]]
    assert stage.items(attempt_id)[0].response == {"chosen": [0]}


def test_a_device_that_has_seen_the_newest_answer_may_change_it(stage, attempt_id):
    names = stage.names(attempt_id, 1)
    stage.save(attempt_id, 1, names["对的一"])

    reply = stage.save(attempt_id, 1, names["错的一"], device="device-two", based_on=1, sequence=2)

    assert (reply.status_code, reply.json["sequence"]) == (200, 2)
    late = stage.save(attempt_id, 1, names["对的一"], sequence=3, based_on=1)
    assert late.json["state"] == "conflict"


def test_a_repeated_or_late_message_changes_nothing(stage, attempt_id):
    names = stage.names(attempt_id, 1)
    stage.save(attempt_id, 1, names["对的一"], sequence=2)

    repeated = stage.save(attempt_id, 1, names["对的一"], sequence=2)
    late = stage.save(attempt_id, 1, names["错的一"], sequence=1)

    assert repeated.json == {"state": "saved", "sequence": 2, "answered": True}
    assert (late.json["state"], late.json["answer"]["chosen"]) == ("conflict", [names["对的一"]])
    assert stage.items(attempt_id)[0].response == {"chosen": [0]}


def test_a_page_loaded_again_knows_what_the_one_before_it_sent(stage, attempt_id):
    """The reply to the first answer was lost: the reloaded page has another name, and names the one before it."""
    names = stage.names(attempt_id, 1)
    stage.save(attempt_id, 1, names["错的一"], sequence=3)

    again = {"sequence": 4, "based_on": 0, "former": [f"{DEVICE}:3", "nonsense", "x:9"]}
    reply = stage.save(attempt_id, 1, names["对的一"], device="device-one-again", **again)

    assert reply.json == {"state": "saved", "sequence": 4, "answered": True}
    assert stage.items(attempt_id)[0].response == {"chosen": [0]}


def test_of_a_tab_and_its_copy_the_first_wins_and_the_other_is_told(stage, attempt_id):
    """Both were loaded with the same answer waiting; each goes on by itself."""
    names = stage.names(attempt_id, 1)
    again = {"sequence": 4, "based_on": 0, "former": f"{DEVICE}:3"}
    stage.save(attempt_id, 1, names["对的一"], sequence=3)
    stage.save(attempt_id, 1, names["对的一"], device="device-tab", **again)

    same = stage.save(attempt_id, 1, names["对的一"], device="device-copy", **again)
    other = stage.save(attempt_id, 1, names["错的一"], device="device-copy", **{**again, "sequence": 5})
    original = stage.save(attempt_id, 1, names["错的一"], sequence=5)

    assert [reply.json["state"] for reply in (same, other, original)] == ["saved", "conflict", "conflict"]
    assert stage.items(attempt_id)[0].response == {"chosen": [0]}


def test_the_whole_page_keeps_what_another_device_answered(stage, attempt_id):
    names = stage.names(attempt_id, 1)
    stage.save(attempt_id, 1, names["对的一"], device="device-two")
    data = {f"based_on.{n}": 0 for n in range(1, 7)}

    alice = stage.as_(stage.cast.alice)
    path = f"/quizzes/attempts/{attempt_id}/answers"
    blank = alice.post(path, data={**data, "device": DEVICE, "q4": "议事会"})
    other = alice.post(path, data={**data, "device": DEVICE, "q1": names["错的一"]}, follow_redirects=True)

    assert blank.status_code == 303
    assert "第 1 题有更新的回答" in other.text
    assert [stage.items(attempt_id)[n].response for n in (0, 3)] == [{"chosen": [0]}, {"text": "议事会"}]


def test_a_whole_page_that_arrives_late_overwrites_nothing_newer(stage, attempt_id):
    """The form was sent, and held up; on the same page another answer was given, and kept, before it arrived."""
    names = stage.names(attempt_id, 1)
    alice, path = stage.as_(stage.cast.alice), f"/quizzes/attempts/{attempt_id}/answers"
    held_up = {f"based_on.{n}": 0 for n in range(1, 7)} | {"device": DEVICE, "q1": names["错的一"], "q4": "议事会"}
    stage.save(attempt_id, 1, names["错的一"])
    stage.save(attempt_id, 1, names["对的一"], sequence=2, based_on=1)

    told = alice.post(path, data=held_up, follow_redirects=True)

    assert "第 1 题" in told.text
    assert [stage.items(attempt_id)[n].response for n in (0, 3)] == [{"chosen": [0]}, {"text": "议事会"}]


def test_a_page_found_again_in_the_history_overwrites_nothing_unseen(stage, attempt_id):
    """Without scripts: saved, then back to the page as it was, and another answer given there: told, never lost."""
    names = stage.names(attempt_id, 1)
    alice, path = stage.as_(stage.cast.alice), f"/quizzes/attempts/{attempt_id}/answers"
    page = {f"based_on.{n}": 0 for n in range(1, 7)} | {"device": DEVICE}
    alice.post(path, data={**page, "q1": names["对的一"]})

    told = alice.post(path, data={**page, "q1": names["错的一"]}, follow_redirects=True)

    assert "第 1 题有更新的回答" in told.text
    assert stage.items(attempt_id)[0].response == {"chosen": [0]}


def test_an_answer_can_be_taken_back(stage, attempt_id):
    stage.save(attempt_id, 4, "议事会")

    reply = stage.save(attempt_id, 4, "", sequence=2)

    assert reply.json == {"state": "saved", "sequence": 2, "answered": False}
    assert stage.items(attempt_id)[3].response is None


# B7: the server's clock


def test_answers_count_until_the_deadline_and_a_little_grace(stage):
    with clock.frozen(MONDAY):
        attempt_id = stage.start(stage.publish(time_limit_minutes=10))
        name = stage.names(attempt_id, 1)["对的一"]
    with clock.frozen(MONDAY + timedelta(minutes=10, seconds=20)):
        in_grace = stage.save(attempt_id, 1, name)
    with clock.frozen(MONDAY + timedelta(minutes=10, seconds=31)):
        late = stage.save(attempt_id, 4, "canary议事会", elapsed="1", now="2026-11-23T01:00:00Z")

    assert in_grace.status_code == 200
    assert (late.status_code, late.json["state"]) == (409, "closed")
    assert stage.items(attempt_id)[3].response is None


def test_an_expired_attempt_is_submitted_when_next_touched(stage, heard):
    with clock.frozen(MONDAY):
        attempt_id = stage.start(stage.publish(time_limit_minutes=10))
        stage.save(attempt_id, 1, stage.names(attempt_id, 1)["对的一"])
    with clock.frozen(MONDAY + timedelta(days=1)):
        reply = stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}", follow_redirects=True)

    assert "没有通过" in reply.text
    assert stage.attempt(attempt_id).submitted_at == MONDAY + timedelta(minutes=10)
    assert heard == [attempt_id]


def test_starting_again_submits_the_expired_attempt_first(stage):
    with clock.frozen(MONDAY):
        paper_id = stage.publish(time_limit_minutes=10)
        first = stage.start(paper_id)
    with clock.frozen(MONDAY + timedelta(hours=1)):
        second = stage.start(paper_id)

    assert stage.attempt(first).submitted_at == MONDAY + timedelta(minutes=10)
    assert stage.attempt(second).number == 2


def test_a_late_submission_counts_at_the_deadline(stage):
    with clock.frozen(MONDAY):
        attempt_id = stage.start(stage.publish(time_limit_minutes=10))
    with clock.frozen(MONDAY + timedelta(minutes=30)):
        stage.submit(attempt_id)

    assert stage.attempt(attempt_id).submitted_at == MONDAY + timedelta(minutes=10)
    assert stage.attempt(attempt_id).submit_token is None


def test_a_clock_set_back_makes_no_attempt_end_before_it_began(stage):
    with clock.frozen(MONDAY):
        attempt_id = stage.start(stage.publish(time_limit_minutes=10))
    with clock.frozen(MONDAY - timedelta(hours=1)):
        stage.submit(attempt_id)

    assert stage.attempt(attempt_id).submitted_at == MONDAY


def test_a_clock_set_back_lets_nobody_wait_who_need_not(stage):
    with clock.frozen(MONDAY):
        paper_id = stage.publish(time_limit_minutes=10)
        stage.submit(stage.start(paper_id))
    with clock.frozen(MONDAY - timedelta(minutes=30)):
        second = stage.start(paper_id)

    assert stage.attempt(second).number == 2


# B9: bad input leaves no row


@pytest.mark.parametrize(
    ("position", "values"),
    [
        (1, {"q1": "0123456789ab"}),
        (1, {"q1": ["{对的一}", "{错的一}"]}),
        (2, {"q2": ["{对的二}", "{对的二}"]}),
        (3, {"q3": ["{对}", "{错}"]}),
        (4, {"q4": ["一", "二"]}),
        (4, {"q4": "x" * 501}),
        (4, {"q4": "a\x00b"}),
        (5, {"q5": "NaN"}),
        (5, {"q5": "inf"}),
        (5, {"q5": "1e999"}),
        (5, {"q5": "十二"}),
        (6, {"q6": "x"}),
        (6, {"q6.000000000000": "x"}),
        (1, {"q1": "{对的一}", "sequence": "0"}),
        (1, {"q1": "{对的一}", "sequence": "-1"}),
        (1, {"q1": "{对的一}", "sequence": str(2**63)}),
        (1, {"q1": "{对的一}", "based_on": "x"}),
        (1, {"q1": "{对的一}", "device": "x"}),
    ],
)
def test_what_is_no_answer_gets_400_and_no_row(stage, attempt_id, position, values):
    names = stage.names(attempt_id, position)

    def named(value):
        return names.get(value.strip("{}"), value) if isinstance(value, str) else [named(v) for v in value]

    data = {"sequence": "1", "based_on": "0", "device": DEVICE, **{k: named(v) for k, v in values.items()}}
    reply = stage.as_(stage.cast.alice).post(
        f"/quizzes/attempts/{attempt_id}/answers/{position}", data=data, headers={"Accept": "application/json"}
    )

    assert reply.status_code == 400
    with stage.work() as session:
        assert session.scalar(select(func.count()).select_from(AttemptAnswer)) == 0


def test_an_option_of_another_question_is_refused(stage, attempt_id):
    assert stage.save(attempt_id, 1, stage.names(attempt_id, 2)["对的二"]).status_code == 400


def test_an_option_name_of_another_attempt_is_refused(stage, attempt_id):
    other = stage.start(stage.publish(), stage.cast.wen)
    with stage.work():
        from_other = stage.views(other, stage.cast.wen)[0].input.options[0].name

    assert stage.save(attempt_id, 1, from_other).status_code == 400


def test_the_whole_page_names_the_question_that_it_cannot_keep(stage, attempt_id):
    data = {f"based_on.{n}": 0 for n in range(1, 7)}

    reply = stage.as_(stage.cast.alice).post(
        f"/quizzes/attempts/{attempt_id}/answers", data={**data, "device": DEVICE, "q4": "议事会", "q5": "NaN"}
    )

    assert reply.status_code == 400
    assert "第 5 题：请填写一个数" in reply.text
    assert all(item.response is None for item in stage.items(attempt_id))


def test_a_full_width_number_is_a_number(stage, attempt_id):
    assert stage.save(attempt_id, 5, " ２１ ").status_code == 200


# B10, B12, B14


def test_nothing_can_be_answered_after_submission(stage, attempt_id):
    stage.submit(attempt_id)

    reply = stage.save(attempt_id, 4, "canary议事会")

    assert (reply.status_code, reply.json["state"]) == (409, "closed")
    assert stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}").status_code == 303


def test_an_open_attempt_has_no_result(stage, attempt_id):
    reply = stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}/result")

    assert (reply.status_code, reply.location) == (303, f"/quizzes/attempts/{attempt_id}")


def test_a_question_that_is_not_in_the_attempt_is_not_found(stage, attempt_id):
    assert stage.save(attempt_id, 7, "x").status_code == 404
    assert stage.save(attempt_id, 2**63 - 1, "x").status_code == 404


def test_an_attempt_is_graded_on_the_version_it_drew(stage, attempt_id):
    stage.answer_all(attempt_id)
    stage.publish("一：首先做什么？{~对的一 =错的一}")
    stage.submit(attempt_id)

    assert stage.attempt(attempt_id).percent == 100


def test_the_same_question_is_stored_once(stage):
    stage.publish()
    stage.publish()

    with stage.work() as session:
        assert session.scalar(select(func.count()).select_from(QuestionVersion)) == 6


def test_a_second_pass_is_another_event_of_another_attempt(stage, heard):
    paper_id = stage.publish()
    first = stage.start(paper_id)
    stage.submit(first)
    second = stage.start(paper_id)
    stage.submit(second)

    assert heard == [first, second]


# Rules of papers


def test_attempts_are_counted(stage):
    paper_id = stage.publish(attempts_allowed=2)
    for _ in range(2):
        stage.submit(stage.start(paper_id))

    with pytest.raises(Refused, match="2"):
        stage.start(paper_id)


def test_the_waiting_time_is_kept(stage):
    with clock.frozen(MONDAY):
        paper_id = stage.publish(wait_hours=24)
        stage.submit(stage.start(paper_id))
    with clock.frozen(MONDAY + timedelta(hours=23)), pytest.raises(Refused, match="24"):
        stage.start(paper_id)
    with clock.frozen(MONDAY + timedelta(hours=24)):
        assert stage.start(paper_id)


@pytest.mark.parametrize(
    "rules",
    [
        {"draws": (Draw("甲", 4),)},
        {"draws": (Draw("甲", 2), Draw("甲", 2))},
        {"draws": (Draw("没有", 1),)},
        {"draws": (Draw("甲", 0),)},
        {"pass_percent": 0},
        {"pass_percent": 101},
        {"time_limit_minutes": 0},
        {"attempts_allowed": 0},
        {"wait_hours": -1},
        {"text": "只是说明"},
    ],
    ids=str,
)
def test_a_paper_that_cannot_work_is_refused(stage, rules):
    with pytest.raises(Refused):
        stage.publish(**rules)


def test_a_paper_draws_by_category(stage):
    attempt_id = stage.start(stage.publish(draws=(Draw("乙", 2), Draw("甲", 1))))

    texts = [view.stem.text[0] for view in stage.views(attempt_id)]

    assert len(set(texts)) == 3
    assert {texts[0], texts[1]} < set("四五六")
    assert texts[2] in "一二三"


def test_standing_tells_what_is_possible(stage):
    paper_id = stage.publish(attempts_allowed=2)
    with stage.work():
        assert queries.standing(paper_id, stage.cast.alice).may_start
        assert queries.standing(None, stage.cast.alice).attempts == 0
    attempt_id = stage.start(paper_id)
    with stage.work():
        assert queries.standing(paper_id, stage.cast.alice).open_attempt_id == attempt_id
    stage.answer_all(attempt_id)
    stage.submit(attempt_id)
    with stage.work():
        after = queries.standing(paper_id, stage.cast.alice)
        assert after.passed
        assert (str(after.best_percent), after.attempts_left, after.open_attempt_id) == ("100.00", 1, None)


# Statements


def test_saving_an_answer_takes_few_statements(stage, attempt_id, query_count):
    alice = stage.as_(stage.cast.alice)
    name = stage.names(attempt_id, 1)["对的一"]
    alice.get("/healthz")
    with query_count() as statements:
        assert stage.save(attempt_id, 1, name, client=alice).status_code == 200

    ours = [s for s in statements if "attempt" in s]
    assert len(ours) == 2, ours
    assert len([s for s in statements if not s.startswith("BEGIN")]) <= 5, statements


def test_the_pages_take_few_statements_whatever_the_number_of_questions(stage, attempt_id, query_count):
    alice = stage.as_(stage.cast.alice)
    with query_count() as page:
        alice.get(f"/quizzes/attempts/{attempt_id}")
    stage.submit(attempt_id)
    with query_count() as result:
        alice.get(f"/quizzes/attempts/{attempt_id}/result")

    assert len([s for s in page if "attempts" in s]) == 1
    assert len([s for s in result if "attempts" in s]) == 2


# Four tests for each changing view


CHANGING = [
    ("/quizzes/attempts/{id}/answers", {"device": DEVICE, **{f"based_on.{n}": 0 for n in range(1, 7)}}),
    ("/quizzes/attempts/{id}/answers/4", {"q4": "x", "sequence": 1, "based_on": 0, "device": DEVICE}),
    ("/quizzes/attempts/{id}/submit", {"token": "token-of-a-page"}),
]


@pytest.mark.parametrize(("path", "data"), CHANGING)
def test_it_works_for_the_person_whose_attempt_it_is(stage, attempt_id, path, data):
    assert stage.as_(stage.cast.alice).post(path.format(id=attempt_id), data=data).status_code == 303


@pytest.mark.parametrize("who", ["wen", "mallory", "sun", "bo", "chen", "tina"])
@pytest.mark.parametrize(("path", "data"), CHANGING)
def test_it_is_not_there_for_anybody_else(stage, attempt_id, path, data, who):
    client = stage.as_(stage.cast.people[who])

    assert client.post(path.format(id=attempt_id), data=data).status_code == 404
    assert client.get(f"/quizzes/attempts/{attempt_id}").status_code == 404
    assert client.get(f"/quizzes/attempts/{attempt_id}/result").status_code == 404
    assert stage.attempt(attempt_id).submitted_at is None


@pytest.mark.parametrize(("path", "data"), CHANGING)
def test_a_stranger_must_sign_in(stage, client, attempt_id, path, data):
    reply = client.post(path.format(id=attempt_id), data=data)

    assert reply.status_code == 401 or (reply.status_code == 303 and "/quizzes/" not in reply.location.split("?")[0])
    assert stage.attempt(attempt_id).submitted_at is None


@pytest.mark.parametrize(("path", "data"), CHANGING)
def test_nothing_changes_by_get(stage, attempt_id, path, data):
    stage.as_(stage.cast.alice).get(path.format(id=attempt_id), query_string=data)

    assert stage.attempt(attempt_id).submitted_at is None
    assert all(item.response is None for item in stage.items(attempt_id))
    assert stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}/answers").status_code == 405
    assert stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}/answers/4").status_code == 405


def test_a_submission_without_a_token_is_refused(stage, attempt_id):
    assert stage.as_(stage.cast.alice).post(f"/quizzes/attempts/{attempt_id}/submit").status_code == 400
    assert stage.attempt(attempt_id).submitted_at is None


def test_publishing_is_audited(stage):
    stage.publish()

    with stage.work() as session:
        assert session.scalar(select(AuditRow.verb).order_by(AuditRow.id.desc())) == "quizzes.publish_paper"
