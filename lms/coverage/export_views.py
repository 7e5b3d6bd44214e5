"""Taking tables and lists away: short ones at once, long ones when the job has written them."""

from io import BytesIO

from flask import render_template, send_file
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import Denied
from lms.core.files import clean_label
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import write_xlsx
from lms.core.web import allow, current_actor, flash_done, roles, see
from lms.coverage import access, changes, exporting, frozen, names, queries, sheets
from lms.coverage.blueprint import XLSX, bp, read_asked, read_changes, read_frozen, read_selection
from lms.coverage.exporting import Wanted
from lms.coverage.kinds import ExportState
from lms.coverage.names import Selection


@bp.post("/export")
@allow(roles("admin"), heavy=True)
def export_board() -> ResponseReturnValue:
    asked = read_asked()
    table = sheets.board(asked)
    exporting.record(Selection(asked), actor=current_actor(), now=clock.now())
    label = f"{table.name}-{asked.unit.name}-{asked.asked.duty.title}-{asked.day}.xlsx"
    return send_file(BytesIO(write_xlsx([table])), mimetype=XLSX, as_attachment=True, download_name=clean_label(label))


@bp.post("/people/export")
@allow(roles("admin"), heavy=True)
def export_people() -> ResponseReturnValue:
    selection = read_selection()
    return _answer(selection, names.count_people(selection))


@bp.post("/closings/people/export")
@allow(roles("admin"), heavy=True)
def export_closed_people() -> ResponseReturnValue:
    selection = read_frozen()
    return _answer(selection, frozen.count_people(selection))


@bp.post("/closings/changes/export")
@allow(roles("admin"), heavy=True)
def export_closed_changes() -> ResponseReturnValue:
    wanted = read_changes()
    return _answer(wanted, changes.count_changes(wanted))


def _answer(wanted: Wanted, count: int) -> ResponseReturnValue:
    """A short list at once, a long one when the job has written it."""
    actor, now, most = current_actor(), clock.now(), sheets.MOST_AT_ONCE
    if count > most:
        exporting.ask(wanted, actor=actor, now=now)
        flash_done(_("名单较长，正在后台生成。生成后会有消息通知您，到时在这里下载。"))
        return see("coverage.exports")
    book = BytesIO(exporting.write_now(wanted, most=most, actor=actor, now=now))
    return send_file(book, mimetype=XLSX, as_attachment=True, download_name=exporting.label_of(wanted))


@bp.get("/exports")
@allow(roles("admin"))
def exports() -> ResponseReturnValue:
    return render_template("coverage/exports.html", exports=queries.list_exports(current_actor()))


@bp.get("/exports/<id:export_id>/file")
@allow(roles("admin"))
def download(export_id: int) -> ResponseReturnValue:
    export = access.get_export(current_actor(), export_id)
    if export.state is not ExportState.READY:
        raise Denied()
    path = exporting.path_of(export.id)
    return send_file(path, mimetype=XLSX, as_attachment=True, download_name=export.label)
