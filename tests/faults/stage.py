"""What is there before a fault: the demonstration, a course that can be passed again and again, and people signed in.

Everything is prepared once for each kind of database and copied for each fault.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from lms.accounts import actions as accounts
from lms.accounts import sign_in
from lms.app import create_app
from lms.config import Config
from lms.core import clock, db
from lms.core.commands import upgrade_tables
from lms.core.web import system_actor
from lms.courses import actions as courses
from lms.courses import folder
from lms.courses.models import Course
from lms.demo import actions as demo
from lms.demo import sign_ins
from lms.people.models import Person
from lms.units.queries import find_by_code
from tests.bench.stage import ADMINISTRATOR, add_people
from tests.installation import ROOT

SECRET = "a secret of the fault harness, long enough for anyone"
PEOPLE = 48
LESSONS = 2
QUESTIONS = 4
MINUTES = 30
FACTS = f"""title = "故障演练用课程"
summary = "只在演练故障时载入。"
tier = "street"
training_type = "induction"
abilities = ["mass_work"]
hours = "1.25"
audience = "演练程序。"
authors = ["演练程序"]
[quiz]
pass_percent = 80
wait_hours = 0
time_limit_minutes = {MINUTES}
[[quiz.draw]]
category = "全部"
count = {QUESTIONS}
"""


@dataclass(frozen=True)
class Cookie:
    """Somebody signed in, as their browser shows it."""

    person_id: int
    header: str


@dataclass(frozen=True)
class Stage:
    """A prepared database and data folder."""

    database_url: str
    data_dir: Path
    course_id: int
    learners: tuple[Cookie, ...]
    administrator: Cookie

    def copy(self, database_url: str, data_dir: Path) -> Stage:
        """The same in another place; the database itself is copied by who knows how."""
        shutil.copytree(self.data_dir, data_dir, dirs_exist_ok=True)
        return Stage(database_url, data_dir, self.course_id, self.learners, self.administrator)


def settings(database_url: str, data_dir: Path) -> dict[str, str]:
    """A site in production, as the README sets it up; the proxy that speaks HTTPS is what we play ourselves."""
    return {
        "LMS_ENV": "production",
        "LMS_DATABASE_URL": database_url,
        "LMS_DATA_DIR": str(data_dir),
        "LMS_SECRET_KEY": SECRET,
        "LMS_HTTPS": "1",
        "LMS_TRUSTED_HOSTS": "127.0.0.1",
    }


def prepare(database_url: str, data_dir: Path) -> Stage:
    """Fill an empty database."""
    data_dir.mkdir(parents=True, exist_ok=True)
    upgrade_tables(database_url)
    app = create_app(Config.from_env(settings(database_url, data_dir)))
    who = system_actor("faults")
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        passwords = sign_ins.make()
        demo.build(passwords, ROOT / "courses", ROOT / "case_library", actor=who, now=clock.now())
    course_id = _load_course(app, data_dir / "course-source")
    learners = tuple(_signed_in(app, person_id) for person_id in add_people(app, PEOPLE, "1960"))
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False):
        chief = db.session().scalars(select(Person.id).where(Person.phone == ADMINISTRATOR)).one()
    stage = Stage(database_url, data_dir, course_id, learners, _signed_in(app, chief))
    app.extensions["database"].engine.dispose()
    return stage


def _load_course(app: Flask, into: Path) -> int:
    path = into / "street" / "faults"
    path.mkdir(parents=True)
    (path / "course.toml").write_text(FACTS, encoding="utf-8")
    for number in range(1, LESSONS + 1):
        (path / f"{number:02}-lesson-{number}.md").write_text(f"# 第{number}课\n\n一段正文。\n", encoding="utf-8")
    questions = "".join(f"::第{number}题:: 说法{number}是对的。{{TRUE}}\n\n" for number in range(1, QUESTIONS + 1))
    (path / "quiz.gift").write_text(f"$CATEGORY: 全部\n\n{questions}", encoding="utf-8")
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        source = folder.read_course(path).course
        assert source is not None
        organizer = find_by_code("990101001")
        courses.load_folder(source, organizer=organizer, actor=system_actor("faults"), now=clock.now())
        return db.session().scalars(select(Course.id).where(Course.slug == "faults")).one()


def _signed_in(app: Flask, person_id: int) -> Cookie:
    client = app.test_client()
    with app.test_request_context(base_url="https://127.0.0.1"), db.unit_of_work(app.extensions["database"]):
        person = db.session().get_one(Person, person_id)
        account = accounts.open_account(person, password="a-long-one-7", actor=system_actor("faults"), now=clock.now())
        key, _row = sign_in.new_sign_in(account, user_agent="faults", address=None, now=clock.now())
    with client.session_transaction(base_url="https://127.0.0.1") as session:
        session.update({"_user_id": key, "_fresh": True})
    client.get("/", base_url="https://127.0.0.1")
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], "127.0.0.1")
    assert cookie is not None
    return Cookie(person_id, f"{cookie.key}={cookie.value}")


def hands(stage: Stage, count: int) -> Iterator[tuple[Cookie, ...]]:
    """The learners dealt out to `count` clients."""
    for number in range(count):
        yield stage.learners[number::count]
