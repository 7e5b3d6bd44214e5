"""What the matrix of routes and roles acts on in calls and reviews.

The call is the county's. A colleague of Alice's wrote the cases, for Tina is paired with Alice and with Sun and would
have to stay out of theirs.

call        open, with Sun in its pool (`reviewer`); `entry` is the `entered` in it; `other_call` has none
review      of `entered`, open before 和平街道, with Tina as its `expert` and a comment (`note`)
accepted    a round before 和平街道 that accepted another case
unsent      a draft
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.calls import actions, deciding, experts
from lms.calls.models import CallEntry
from lms.calls.passages import find_passage
from lms.core import clock, db
from lms.people.models import Person
from tests.calls.made import make_call, make_draft, make_person, open_round, submitted
from tests.cast import SYSTEM, Cast


def arrange_calls(cast: Cast) -> dict[str, Any]:
    now, writer = clock.now(), make_person(cast.guangming, "凌小禾").id
    call, entered = make_call(cast, cast.county), make_draft(cast, author_id=writer, slug="canping")
    actions.enter(call, entered, actor=SYSTEM, now=now)
    entry = db.session().scalars(select(CallEntry.id).where(CallEntry.case_id == entered.id)).one()
    reviewer = actions.add_reviewer(call, db.session().get_one(Person, cast.sun), actor=SYSTEM, now=now)
    review = open_round(entered)
    passage = find_passage(entered, review.version, "process-1")
    assert passage is not None
    note = deciding.comment(review, passage, text="先后不清楚。", actor=SYSTEM, now=now)
    expert = experts.assign(review, db.session().get_one(Person, cast.tina), actor=SYSTEM, now=now)
    accepted = submitted(cast, author_id=writer, slug="cainajin")
    deciding.accept(accepted, reason="", actor=SYSTEM, now=now)
    unsent = make_draft(cast, author_id=writer, slug="meisong")
    other = make_call(cast, cast.county)
    named: dict[str, Any] = {
        "call": call.id,
        "other_call": other.id,
        "entry": entry,
        "reviewer": reviewer.id,
        "review": review.id,
    }
    named |= {"note": note.id, "expert": expert.id, "accepted": accepted.id}
    return named | {"entered": entered.slug, "unsent": unsent.slug}
