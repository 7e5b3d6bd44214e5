"""Before an answer stands, nothing that a learner can fetch holds its key or its explanation, wherever one looks.

A course is full of canaries: in the keys and explanations of its checkpoint and its quiz, in titles and comments of the
bank. Learners fetch every page that takes no argument, and whatever those lead to: pages, files, JSON, what is taken
along for a day without a signal.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.courses.folders import change, put
from tests.courses.test_journey import choices, hidden
from tests.said import said

ASKED, EXAMINED = "kanarilektion", "kanariexamen"
CHECKPOINT = f"""\
::{ASKED} 题名:: 张阿姨情绪激动，你先做什么？ {{
=先听她讲完 #{ASKED} 对，先让人说完。
~马上打电话给物业 #{ASKED} 还没有弄清情况。
####{ASKED} 总的来说
}}
"""
BANK = f"""\
// {EXAMINED} 注释
$CATEGORY: 接待
::{EXAMINED} 甲:: 来访者到了，先做什么？ {{=请坐 #{EXAMINED} 对。 ~查户口 #{EXAMINED} 不对。####{EXAMINED} 总}}

::{EXAMINED} 乙:: 居民议事的平台叫什么？ {{={EXAMINED}议事会 =%50%{EXAMINED}议事亭}}

$CATEGORY: 走访
::{EXAMINED} 丙:: 敲门之后做什么？ {{=退后一步 #{EXAMINED} 对。 ~推门 #{EXAMINED} 不对。}}
"""
ADDRESS = re.compile(r"""(?:href|src|action|data-[\w-]+|content)="(/[^"]*)"|"(/[^"\s]*)\"""")
NOWHERE = "bortaborta"


@pytest.fixture
def course(load, folder) -> int:
    text = (folder / "01-first-visit.md").read_text(encoding="utf-8")
    fence = re.search(r"```checkpoint\n(.*?)```", text, re.DOTALL)
    assert fence
    change(folder, "01-first-visit.md", fence[1], CHECKPOINT)
    put(folder, "quiz.gift", BANK)
    return int(load())


def beginnings(app: Flask) -> list[str]:
    """Every address that takes no argument."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    return sorted(rule.rule for rule in rules)


def crawl(app: Flask, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Each address that can be reached by links, once, with all that its answer says."""
    waiting = deque(beginnings(app))
    seen = set(waiting)
    while waiting:
        address = waiting.popleft()
        answer = client.get(address, buffered=True)
        text = said(answer)
        yield address, text
        linked = [unescape(one or other).partition("#")[0].rstrip("?") for one, other in ADDRESS.findall(text)]
        new = {link for link in [*linked, answer.location or ""] if link.startswith("/") and worth(link)} - seen
        waiting.extend(sorted(new))
        seen |= new


def worth(address: str) -> bool:
    """What the site built of its own files was the same before there was any course."""
    return not address.startswith(("/static/", "/feedback?"))


def found(app: Flask, client: FlaskClient, *canaries: str) -> set[str]:
    """Where one of the canaries was found."""
    reached = dict(crawl(app, client))
    assert any(re.fullmatch(r"/courses/\d+/lessons/1", address) for address in reached)
    return {address for address, text in reached.items() if any(canary in text for canary in canaries)}


def searched(client: FlaskClient, word: str) -> str:
    """What a search says of a word, but for the word."""
    pages = [client.get(path, query_string={"q": word}).text for path in ("/courses/", "/cases/")]
    return re.sub(r'"[\w.-]{80,}"', "", "".join(pages)).replace(word, "")


def test_no_key_is_found_before_its_answer_stands(app: Flask, as_, cast, course: int) -> None:
    alice, sun = as_(cast.alice), as_(cast.sun)
    alice.post(f"/courses/{course}/enroll")
    assert found(app, alice, ASKED, EXAMINED) == set()
    for word in (ASKED, EXAMINED):
        assert searched(alice, word) == searched(alice, NOWHERE)

    answer_checkpoint(alice, course)
    attempt = alice.post(f"/courses/{course}/quiz").location
    assert attempt.startswith("/quizzes/attempts/")
    assert EXAMINED not in answers_of(alice, attempt)
    assert found(app, alice, EXAMINED) == set()

    hand_in(alice, attempt)
    assert EXAMINED in said(alice.get(f"{attempt}/result"))
    assert found(app, sun, ASKED, EXAMINED) == set()


def answer_checkpoint(client: FlaskClient, course: int) -> None:
    page = client.get(f"/courses/{course}/lessons/1").text
    [(field, options)] = choices(page).items()
    client.post(f"/courses/{course}/lessons/1/checkpoint", data={field: next(iter(options.values()))})
    assert ASKED in client.get(f"/courses/{course}/lessons/1").text
    client.post(f"/courses/{course}/lessons/2/finish")


def answers_of(client: FlaskClient, attempt: str) -> str:
    """All that comes back while answers are kept: by a script, by the whole page, and by strange words."""
    page = client.get(attempt).text
    heard = []
    for number in (1, 2, 3):
        for value in (*choices(page).get(f"q{number}", {}).values(), "x", "议事会"):
            data = {f"q{number}": value, "sequence": "1", "based_on": "0", "device": "device-one"}
            answer = client.post(f"{attempt}/answers/{number}", data=data, headers={"Accept": "application/json"})
            heard.append(said(answer))
    answer = client.post(f"{attempt}/answers", data={**hidden(page), "then": "submit"}, follow_redirects=True)
    return "".join([*heard, said(answer)])


def hand_in(client: FlaskClient, attempt: str) -> None:
    token = hidden(client.get(f"{attempt}/submit").text)
    assert client.post(f"{attempt}/submit", data=token).status_code == 303
