"""Pages of the two: their pairs, one pair, and the growth file of a mentee."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.web import allow, current_actor, signed_in
from lms.mentoring import access, growth, lectures, next_steps, pages, queries
from lms.mentoring.blueprint import bp
from lms.mentoring.forms import PlanStepForm
from lms.mentoring.kinds import Side
from lms.mentors.queries import find_mentor_of


@bp.get("")
@allow(signed_in)
def mine() -> ResponseReturnValue:
    actor = current_actor()
    mentor = find_mentor_of(actor.person_id)
    return render_template(
        "mentoring/mine.html",
        standings=next_steps.list_standings(actor, now=clock.now()),
        ended=queries.list_own(actor, ended=True),
        mentor=mentor,
        lectures=lectures.list_of_mentor(mentor) if mentor else (),
    )


@bp.get("/<id:pairing_id>")
@allow(signed_in)
def show(pairing_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seat = access.get_seat(actor, pairing_id)
    page = pages.read(actor, seat, now=clock.now())
    return render_template("mentoring/show.html", page=page, form=PlanStepForm(), sides=Side)


@bp.get("/growth/<id:person_id>")
@allow(signed_in)
def growth_file(person_id: int) -> ResponseReturnValue:
    actor = current_actor()
    person = access.get_growing(actor, person_id)
    return render_template("mentoring/growth.html", file=growth.read(actor, person))
