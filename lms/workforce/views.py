"""Pages of the workforce: a dimension of a unit on a day, with its plot, and all of them as a workbook."""

from datetime import date

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.files import hand_out
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import write_xlsx
from lms.core.web import LARGEST_ID, Actor, allow, arg_choice, arg_day, arg_int, current_actor, roles
from lms.units import access as units_access
from lms.units.models import Unit
from lms.units.queries import list_ancestors, list_tops
from lms.workforce import actions, sheets, storing
from lms.workforce.dimensions import Dimension

bp = Blueprint("workforce", __name__, url_prefix="/workforce", template_folder="templates")

FIRST_DAY = date(2000, 1, 1)


@bp.get("/")
@allow(roles("admin"), heavy=True)
def show() -> ResponseReturnValue:
    actor = current_actor()
    unit, day = _read(actor)
    dimension = Dimension(arg_choice("by", list(Dimension), Dimension.POST))
    shown = storing.read(unit, day, dimension)
    reachable = [one for one in list_ancestors(unit) if actor.covers(one.path, "admin")]
    return render_template(
        "workforce/show.html",
        unit=unit,
        day=day,
        today=clock.today(),
        board=shown.board,
        shown=shown,
        dimensions=Dimension,
        above=reachable,
        tops=[top for top in list_tops(actor) if top.path in actor.paths("admin")],
    )


@bp.post("/export")
@allow(roles("admin"), heavy=True)
def export() -> Response:
    actor = current_actor()
    unit, day = _read(actor)
    tables = sheets.all_boards(unit, day)
    actions.record_export(unit, day, actor=actor, now=clock.now())
    return hand_out(write_xlsx(tables), _("队伍结构-%(unit)s-%(day)s.xlsx", unit=unit.name, day=day.isoformat()))


def _read(actor: Actor) -> tuple[Unit, date]:
    """The unit and the day of the address."""
    today = clock.today()
    unit = units_access.get_administered(actor, arg_int("unit", 0, 1, LARGEST_ID))
    return unit, arg_day("day", today, FIRST_DAY, today)
