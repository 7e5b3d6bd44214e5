"""A whole course over HTTP, with the real quiz: from the catalog to the hours in the ledger."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from sqlalchemy import select

from lms.core import db
from lms.hours.models import HourEntry
from lms.hours.queries import balance_of

#: The right answers of the bank in folders.py, by what the page says.
RIGHT = {"请坐", "退后一步", "错"}
#: What the explanations say: it must not be found before the submission.
KEYS = ("对。", "不对。", "先让人说完", "还没有弄清情况")


def choices(page: str) -> dict[str, dict[str, str]]:
    """For each question's field the value of every option by its words."""
    found: dict[str, dict[str, str]] = {}
    labels = {
        target: re.sub(r"<[^>]+>|\s+", "", words)
        for target, words in re.findall(r'<label[^>]*for="([^"]+)"[^>]*>(.*?)</label>', page, re.DOTALL)
    }
    for tag in re.findall(r'<input[^>]*type="radio"[^>]*>', page):
        attribute = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        found.setdefault(attribute["name"], {})[labels[attribute["id"]]] = attribute["value"]
    return found


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    fields = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
        attribute = dict(re.findall(r'([\w.-]+)="([^"]*)"', tag))
        fields[attribute["name"]] = attribute.get("value", "")
    return fields


def take_quiz(client, course: int, *, right: bool = True) -> str:
    """Start the quiz, answer it and hand it in; answers the page of the result."""
    attempt = client.post(f"/courses/{course}/quiz").location
    page = client.get(attempt).get_data(as_text=True)
    assert not [key for key in KEYS if key in page]
    answers = {
        field: next(value for words, value in options.items() if (words in RIGHT) == right)
        for field, options in choices(page).items()
    }
    assert len(answers) == 3
    checked = client.post(
        f"{attempt}/answers", data={**hidden(page), **answers, "then": "submit"}, follow_redirects=True
    )
    token = hidden(checked.get_data(as_text=True))
    return client.post(f"{attempt}/submit", data=token, follow_redirects=True).get_data(as_text=True)


def study(client, course: int) -> None:
    """Begin the course and finish both lessons, the first one with a wrong answer: it teaches all the same."""
    client.post(f"/courses/{course}/enroll")
    page = client.get(f"/courses/{course}/lessons/1").get_data(as_text=True)
    assert not [key for key in KEYS if key in page]
    [(field, options)] = choices(page).items()
    wrong = next(value for words, value in options.items() if "物业" in words)
    client.post(f"/courses/{course}/lessons/1/checkpoint", data={field: wrong})
    assert "还没有弄清情况" in client.get(f"/courses/{course}/lessons/1").get_data(as_text=True)
    client.post(f"/courses/{course}/lessons/2/finish")


def entries(app) -> list[HourEntry]:
    with db.unit_of_work(app.extensions["database"], write=False) as session:
        return list(session.scalars(select(HourEntry).order_by(HourEntry.id)))


def test_study_fail_pass_and_the_hours_stand(app, as_, cast, course):
    alice = as_(cast.alice)
    study(alice, course)

    take_quiz(alice, course, right=False)
    assert "上次测验没有通过" in alice.get(f"/courses/{course}").get_data(as_text=True)
    assert entries(app) == []

    result = take_quiz(alice, course)
    assert f"/courses/{course}" in result
    assert "您已经学完这门课，2 学时已记入档案。" in alice.get(f"/courses/{course}").get_data(as_text=True)
    assert "今年已学完" in alice.get("/courses/").get_data(as_text=True)
    assert [entry.hours for entry in entries(app)] == [Decimal("2.00")]

    take_quiz(alice, course)
    assert len(entries(app)) == 1
    with db.unit_of_work(app.extensions["database"], write=False):
        assert balance_of(cast.alice, entries(app)[0].occurred_on.year) == Decimal("2.00")


def test_two_tabs_and_thirty_submissions_at_once_are_one_attempt_and_one_entry(app, as_, cast, course):
    alice = as_(cast.alice)
    study(alice, course)
    tabs = [alice, *(as_(cast.alice) for _ in range(9))]
    with ThreadPoolExecutor(10) as threads:
        [attempt] = set(threads.map(lambda tab: tab.post(f"/courses/{course}/quiz").location, tabs))

        page = alice.get(attempt).get_data(as_text=True)
        answers = {
            field: next(value for words, value in options.items() if words in RIGHT)
            for field, options in choices(page).items()
        }
        alice.post(f"{attempt}/answers", data={**hidden(page), **answers})
        token = hidden(alice.get(f"{attempt}/submit").get_data(as_text=True))
        replies = list(threads.map(lambda tab: tab.post(f"{attempt}/submit", data=token), tabs * 3))

    assert {(reply.status_code, reply.location) for reply in replies} == {(303, f"{attempt}/result")}
    assert [entry.hours for entry in entries(app)] == [Decimal("2.00")]
    with db.unit_of_work(app.extensions["database"], write=False):
        assert balance_of(cast.alice, entries(app)[0].occurred_on.year) == Decimal("2.00")


def test_the_attempts_run_out(as_, cast, load, folder):
    course = load()
    alice = as_(cast.alice)
    study(alice, course)
    for left in (4, 3, 2, 1):
        take_quiz(alice, course, right=False)
        assert f"还可以考 {left} 次。" in alice.get(f"/courses/{course}").get_data(as_text=True)
    take_quiz(alice, course, right=False)

    page = alice.get(f"/courses/{course}").get_data(as_text=True)
    assert "测验次数已经用完" in page
    assert "参加测验" not in page
    assert alice.post(f"/courses/{course}/quiz").status_code == 422


def test_nobody_goes_on_with_the_attempt_of_another(as_, cast, course):
    alice, wen = as_(cast.alice), as_(cast.wen)
    study(alice, course)
    attempt = alice.post(f"/courses/{course}/quiz").location

    study(wen, course)
    assert wen.post(f"/courses/{course}/quiz").location != attempt
    assert wen.get(attempt).status_code == 404
