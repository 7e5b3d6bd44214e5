"""Pages of a unit: its numbers, its pairs, the register and the cards, and its mentors' lectures."""

from io import BytesIO

from flask import render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.files import clean_label
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import write_xlsx
from lms.core.web import allow, arg_choice, arg_int, arg_text, current_actor, flash_done, require, roles, see, signed_in
from lms.mentoring import access, cards, lectures, register, unit_queries
from lms.mentoring.blueprint import bp
from lms.mentoring.forms import NothingForm, UnitLectureForm
from lms.mentoring.unit_queries import Look
from lms.mentors import access as mentors_access
from lms.units import queries as units
from lms.units.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_YEAR, LAST_YEAR = 2000, 9998


@bp.get("/unit")
@allow(roles("admin"), heavy=True)
def unit() -> ResponseReturnValue:
    actor, here, now = current_actor(), _asked_unit(), clock.now()
    board, ready = unit_queries.read_board(here, now=now), unit_queries.list_ready(actor, here, now=now)
    return render_template(
        "mentoring/unit.html", unit=here, ways=_ways(here), board=board, ready=ready, lacking=board.lacking
    )


@bp.get("/unit/pairs")
@allow(roles("admin"), heavy=True)
def unit_pairs() -> ResponseReturnValue:
    here, look = _asked_unit(), Look(arg_choice("look", list(Look), Look.OPEN))
    page = unit_queries.list_pairs(
        current_actor(), here, look, cursor=arg_text("cursor", 2000) or None, now=clock.now()
    )
    return render_template("mentoring/unit_pairs.html", unit=here, page=page, look=look, looks=Look)


@bp.get("/unit/register")
@allow(roles("admin"), heavy=True)
def unit_register() -> ResponseReturnValue:
    here, year = _asked_unit(), _asked_year()
    lines = list(register.read(current_actor(), here, year, most=register.MOST_SHOWN, now=clock.now()))
    count = register.count(here, year)
    return render_template("mentoring/register.html", unit=here, year=year, lines=lines, count=count)


@bp.post("/unit/register/export")
@allow(roles("admin"), heavy=True)
def export_register() -> ResponseReturnValue:
    actor, here, year, now = current_actor(), _asked_unit(), _asked_year(), clock.now()
    table = register.sheet(actor, here, year, now=now)
    book = BytesIO(write_xlsx([table]))
    register.record_export(here, year, actor=actor, now=now)
    label = clean_label(f"{table.name}-{here.name}-{year}.xlsx")
    return send_file(book, mimetype=XLSX, as_attachment=True, download_name=label)


@bp.get("/unit/cards")
@allow(roles("admin"), heavy=True)
def unit_cards() -> ResponseReturnValue:
    actor, here, cursor = current_actor(), _asked_unit(), arg_text("cursor", 2000) or None
    page = unit_queries.list_pairs(actor, here, Look.OPEN, cursor=cursor, now=clock.now())
    papers = cards.papers(actor, [row.pairing for row in page.items])
    return render_template("mentoring/print_cards.html", papers=papers, unit=here, page=page)


@bp.get("/unit/lectures")
@allow(roles("admin"))
def unit_lectures() -> ResponseReturnValue:
    here, year = _asked_unit(), _asked_year()
    shown = lectures.list_of_unit([here.path], year=year)
    return render_template("mentoring/unit_lectures.html", unit=here, year=year, lectures=shown)


@bp.route("/unit/lectures/new", methods=["GET", "POST"])
@allow(roles("admin"))
def note_unit_lecture() -> ResponseReturnValue:
    """The unit notes a lecture; the mentor, or another administrator, confirms it."""
    actor, here = current_actor(), _asked_unit()
    form = UnitLectureForm(held_on=clock.today())
    form.mentor.choices = lectures.list_speakers(here)
    if form.validate_on_submit():
        with form.showing_refusal():
            mentor = mentors_access.get_managed(actor, form.mentor.data)
            lectures.note(mentor, **form.values, actor=actor, now=clock.now())
            flash_done(_("已记下。导师本人或者另一位管理员确认以后，学时记入导师的记录。"))
            return see("mentoring.unit_lectures", unit=here.id, year=form.held_on.day.year)
    return render_template("mentoring/lecture_form.html", form=form, unit=here), 422 if form.errors else 200


@bp.post("/lectures/<id:lecture_id>/confirmation")
@allow(signed_in)
def confirm_lecture(lecture_id: int) -> ResponseReturnValue:
    actor = current_actor()
    lecture = access.get_lecture(actor, lecture_id)
    require(lecture.noted_by_id != actor.person_id)
    if NothingForm().validate():
        lectures.confirm(lecture, actor=actor, now=clock.now())
        flash_done(_("已确认，学时已记入导师的记录。"))
    if lecture.mentor.person_id == actor.person_id:
        return see("mentoring.mine")
    return see("mentoring.unit_lectures", unit=lecture.mentor.unit_id, year=lecture.held_on.year)


def _asked_unit() -> Unit:
    return access.get_asked_unit(current_actor(), arg_int("unit", 0, 0, 2**63 - 1))


def _asked_year() -> int:
    return arg_int("year", clock.today().year, FIRST_YEAR, LAST_YEAR)


def _ways(here: Unit) -> list[tuple[str, str]]:
    """The units above that the reader administers, as crumbs."""
    tops = current_actor().paths("admin")
    above = [unit for unit in units.list_ancestors(here) if any(unit.path.startswith(top) for top in tops)]
    return [(unit.name, url_for("mentoring.unit", unit=unit.id)) for unit in above]
