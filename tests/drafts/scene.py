"""What the matrix of routes and roles acts on in writing up: two drafts are Alice's, for 光明社区.

writing     a whole draft with a resident's number in it, and a `copy` of what it said before
imported    one out of a Word file of two paragraphs, a.docx
printed     a name among the authors of `writing`
named       the case of a draft of Sun's, who asked Alice to be named, too
"""

from __future__ import annotations

from typing import Any

from lms.core import clock, db
from lms.courses.media import WORD
from lms.drafts import authorship, keeping, starting
from lms.drafts.blocks import Block
from lms.drafts.models import DraftCopy
from lms.people.models import Person
from tests.cast import Cast
from tests.conftest import actor_of
from tests.drafts.made import make_draft


def arrange_drafts(cast: Cast) -> dict[str, Any]:
    now = clock.now()
    writing = make_draft(cast, process="她的电话是13812345678。")
    keeping.keep_aside(writing, "restored", now=now)
    imported = make_draft(cast)
    imported.blocks = [Block("heading", text, [text], 1).as_json() for text in ("电梯装成了", "取得成效")]
    imported.places = ["title", "background"]
    starting.attach(imported, "a.docx", b"PK\x03\x04 a", WORD.mime, original=True, now=now)
    printed = authorship.add_name(writing, "严师傅", actor=actor_of(cast.alice), now=now)
    named = make_draft(cast, cast.sun)
    authorship.add_colleague(named, db.session().get_one(Person, cast.alice), actor=actor_of(cast.sun), now=now)
    db.session().flush()
    copy = db.session().query(DraftCopy).one()
    found = {"writing": writing.id, "imported": imported.id, "copy": copy.id, "printed": printed.id}
    return found | {"named": named.case.slug}
