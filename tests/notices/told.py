"""Short ways to say what the tests of notices begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask

from lms.config import Config
from lms.core import db
from lms.core.i18n import lazy_gettext as _l
from lms.notices import actions
from lms.notices.kinds import NoticeKind
from tests.cast import SYSTEM

#: A Monday, eleven in the morning in Shanghai.
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)

CLASS = NoticeKind("tests.class", _l("培训"), _l("课程"), _l("《%(title)s》"), _l("%(title)s"), {"member": _l("课程")})
CASE = NoticeKind("tests.case", _l("案例"), _l("课程"), _l("案例 %(title)s"), _l("%(title)s"), {"member": _l("课程")})


def tell(*person_ids: int, ref: str, title: str = "接待与走访", **changed: Any) -> int:
    given: dict[str, Any] = {"kind": CLASS.name, "link": None, "why": "member", "actor": SYSTEM, "now": NOW, **changed}
    return actions.tell(person_ids, params={"title": title}, source=("tests", ref), **given)


def allow_hosts(app: Flask, *hosts: str, **changed: Any) -> None:
    config: Config = app.config["LMS"]
    app.config["LMS"] = Config(**{**config.__dict__, "channel_hosts": hosts, **changed})


def ask(app: Flask, question: Any) -> Any:
    """What `question()` finds, in a unit of work of its own."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        return question()
