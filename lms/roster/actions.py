"""What is done with a roster: checked, columns chosen, loaded or given up, slips printed. Each leaves an audit row."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms.accounts import actions as accounts
from lms.accounts.models import Account
from lms.core import audit, db, spreadsheets
from lms.core.errors import Refused
from lms.core.files import clean_label
from lms.core.i18n import lazy_gettext as _l
from lms.core.spreadsheets import Unreadable, Workbook
from lms.core.web import Actor
from lms.people import identity
from lms.roster import checking, loading, queries, taking_back, undoing
from lms.roster.checking import Checked
from lms.roster.mapping import Field, key_of
from lms.roster.models import RosterLoad, RosterMapping, RosterUndo, Stage
from lms.roster.understanding import NotARoster
from lms.units.models import Unit

MOST_ON_A_PAGE = 20_000
"""Rows that are loaded while a browser waits: about ten seconds. The command takes as many as can be read."""
KEPT = timedelta(days=30)  # how long the content of a file waits for its confirmation


def check(
    unit: Unit, data: bytes, name: str, *, most: int | None = None, actor: Actor, now: datetime
) -> tuple[RosterLoad, Checked]:
    """Read a file as the roster of a unit; nothing about people is written yet.

    :param most: how many rows a sheet may have; None: as many as can be read.
    :raise Refused: the file cannot be read, is too long, or no sheet of it is a roster; with the field "file".
    """
    label = clean_label(name)
    workbook = _read(data, label)
    _refuse_long(workbook, most)
    checked = _examine(unit, workbook, None)
    _forget_old(now)
    load = RosterLoad(
        unit_id=unit.id,
        file_name=label,
        file_digest=hashlib.sha256(data).hexdigest(),
        content=identity.encrypt(base64.b64encode(data).decode()),
        created_at=now,
        created_by_id=actor.person_id,
    )
    _keep(load, checked)
    db.session().add(load)
    db.session().flush()  # the audit row and the page name it
    _record("roster.check", load, actor=actor, now=now)
    return load, checked


def choose_columns(load: RosterLoad, chosen: Mapping[int, Field], *, actor: Actor, now: datetime) -> None:
    """Take columns for what somebody says they are, now and in the county's next files.

    :raise Refused: it is loaded already, or two columns would be the same thing.
    """
    _require_open(load)
    real = [one for one in chosen.values() if one is not Field.UNUSED]
    if len(real) != len(set(real)):
        raise Refused(_l("同一项内容只能对应一列。"))
    headers = [column["header"] for column in load.understood["columns"]]
    load.chosen = {str(index): one.value for index, one in chosen.items()}
    _remember(queries.county_of(load.unit), headers, chosen, actor=actor, now=now)
    checked = _examine(load.unit, _workbook(load), chosen)
    _keep(load, checked)
    _record("roster.choose_columns", load, actor=actor, now=now)


def carry_out(load: RosterLoad, *, accept_sound: bool, confirm_endings: bool, actor: Actor, now: datetime) -> bool:
    """Load a checked file; a second click, or the same form twice at once, changes nothing more.

    :param accept_sound: leave the rows with errors out instead of refusing.
    :param confirm_endings: end posts although they are more than 2 % of those open.
    :return: whether anything changed.
    :raise Refused: errors that were not accepted, endings that were not confirmed, or a file given up.
    """
    _lock(load)
    if load.stage is Stage.LOADED:
        return False
    _require_open(load)
    checked = _examine(load.unit, _workbook(load), _chosen(load))
    _keep(load, checked)
    _refuse_unconfirmed(checked, accept_sound, confirm_endings)
    changed = not checked.plan.is_empty
    try:
        with db.session().begin_nested():  # so that the answer to a conflict can still be rendered
            renamings = loading.carry_out(load, checked.plan, actor=actor, now=now)
    except IntegrityError as error:
        raise Refused(_l("另一次载入刚刚登记了同样的人。请重新上传这份文件。")) from error
    _tell_sign_ins(load, checked, {one.person_id for one in renamings})
    load.loaded_at, load.loaded_by_id, load.content = now, actor.person_id, None
    _record("roster.load", load, actor=actor, now=now)
    return changed


def undo(load: RosterLoad, *, reason: str, actor: Actor, now: datetime) -> bool:
    """Take a load back, whole, as long as nothing was built on it; a second click changes nothing more.

    :return: whether anything changed.
    :raise Refused: it was never loaded, changed nothing, or something was built on it (`taking_back.read` says what).
    """
    _lock(load)
    if load.stage is Stage.UNDONE:
        return False
    if load.stage is not Stage.LOADED:
        raise Refused(_l("这份文件没有载入过，没有什么可以撤回。"))
    undoing.lock_people(load)
    found = taking_back.read(load)
    if not found.touched:
        raise Refused(_l("这次载入没有改动任何记录，没有什么可以撤回。"))
    if found.reasons:
        raise Refused(_l("有 %(count)s 人的记录上已有后来的内容，不能撤回。", count=len(found.reasons)))
    try:
        with db.session().begin_nested():  # so that the answer to a conflict can still be rendered
            undoing.carry_out(load, found, actor=actor, now=now)
    except IntegrityError as error:
        raise Refused(_l("这些人的记录上刚刚有了新的内容，不能撤回。请刷新本页查看。")) from error
    db.session().add(
        RosterUndo(load_id=load.id, undone_at=now, undone_by_id=actor.person_id, reason=reason, counts=found.counts)
    )
    detail = {"file": load.file_name, **found.counts}
    audit.record("roster.undo", actor=actor, now=now, on=("roster_load", load.id), unit_id=load.unit_id, detail=detail)
    return True


def discard(load: RosterLoad, *, actor: Actor, now: datetime) -> None:
    """Give a checked file up: its content is forgotten.

    :raise Refused: it is loaded already.
    """
    _require_open(load)
    load.discarded_at, load.content = now, None
    _record("roster.discard", load, actor=actor, now=now)


@dataclass(frozen=True)
class Slip:
    """What is printed for one person; the code stands nowhere else."""

    name: str
    community: str
    sign_in: str
    code: str
    expires_at: datetime


def issue_slips(load: RosterLoad, street: Unit, *, actor: Actor, now: datetime) -> list[Slip]:
    """One-time codes for the new people of a street who have not chosen a password yet.

    Codes printed before for them serve no longer.

    :raise Refused: nobody there needs one, or the load was taken back.
    """
    _lock(load)
    if load.stage is Stage.UNDONE:
        raise Refused(_l("这次载入已经撤回，不需要激活单。"))
    people = queries.list_new_people(load, street)
    active = select(Account.person_id).where(Account.password_hash.is_not(None))
    done: set[int] = set()
    for some in queries.batches([person.id for _entry, person, _name in people]):
        done |= set(db.session().scalars(active.where(Account.person_id.in_(some))))
    waiting = [(entry, person, name) for entry, person, name in people if person.id not in done]
    if not waiting:
        raise Refused(_l("这个街道的新人员都已设置密码，不需要激活单。"))
    codes = accounts.issue_activations([person for _entry, person, _name in waiting], actor=actor, now=now)
    slips = []
    for (entry, person, name), code in zip(waiting, codes, strict=True):
        entry.slip_at = now
        slips.append(Slip(person.name, name, code.sign_in, code.code, code.expires_at))
    detail = {"load": load.id, "people": len(slips)}
    audit.record("roster.issue_slips", actor=actor, now=now, on=("unit", street.id), unit_id=street.id, detail=detail)
    return slips


def _read(data: bytes, name: str) -> Workbook:
    try:
        return spreadsheets.read(data, name)
    except Unreadable as error:
        raise Refused(error.message, "file") from error


def _refuse_long(workbook: Workbook, most: int | None) -> None:
    longest = max((len(sheet.rows) for sheet in workbook.sheets), default=0)
    if most is not None and longest > most:
        sentence = _l(
            "这份文件有 %(rows)s 行，在网页上一次最多载入 %(most)s 行。"
            "请分成几个文件上传，或者请平台的运行人员用命令 lms roster load 载入。",
            rows=longest,
            most=most,
        )
        raise Refused(sentence, "file")


def _examine(unit: Unit, workbook: Workbook, chosen: Mapping[int, Field] | None) -> Checked:
    try:
        return checking.examine(unit, workbook, chosen)
    except NotARoster as error:
        raise Refused(error.message, "file") from error


def _workbook(load: RosterLoad) -> Workbook:
    """The file again, from where it waits encrypted."""
    if load.content is None:
        raise Refused(_l("这份文件的内容已经清除，请重新上传。"))
    return _read(base64.b64decode(identity.decrypt(load.content)), load.file_name)


def _forget_old(now: datetime) -> None:
    """Files that nobody confirmed are not kept for good: they hold identity numbers, if encrypted."""
    stale = RosterLoad.content.is_not(None), RosterLoad.created_at < now - KEPT
    db.session().execute(update(RosterLoad).where(*stale).values(content=None))


def _chosen(load: RosterLoad) -> dict[int, Field] | None:
    return {int(index): Field(value) for index, value in load.chosen.items()} if load.chosen else None


def _keep(load: RosterLoad, checked: Checked) -> None:
    """What the pages show of a check."""
    load.understood = checking.summary_of(checked)
    load.findings = checking.findings_json(checked)
    load.details = checking.details_of(checked)


def _remember(county_id: int, headers: list[str], chosen: Mapping[int, Field], *, actor: Actor, now: datetime) -> None:
    """What headers stand for in a county from now on."""
    known = {
        one.header: one for one in db.session().scalars(select(RosterMapping).where(RosterMapping.unit_id == county_id))
    }
    for index, meant in chosen.items():
        key = key_of(headers[index])[:80] if index < len(headers) else ""
        if not key:
            continue
        row = known.get(key)
        if row is None:
            row = known[key] = RosterMapping(unit_id=county_id, header=key)
            db.session().add(row)
        row.field, row.chosen_at, row.chosen_by_id = meant, now, actor.person_id


def _tell_sign_ins(load: RosterLoad, checked: Checked, renamed: set[int]) -> None:
    """Whose sign-in name followed their phone number, in the result of the load."""
    names = [step.row.name for step in checked.plan.changes if step.known is not None and step.known.id in renamed]
    load.understood = {**load.understood, "sign_ins": len(names)}
    load.details = {**load.details, "sign_ins": [{"name": name} for name in names[: checking.MOST_LISTED]]}


def _require_open(load: RosterLoad) -> None:
    if load.stage is not Stage.CHECKED:
        raise Refused(_l("这份文件已经载入或放弃，不能再更改。"))


def _lock(load: RosterLoad) -> None:
    """One load at a time in a county, and this row once (SQLite has one writer anyway)."""
    county = select(Unit.id).where(Unit.id == queries.county_of(load.unit)).with_for_update()
    db.session().execute(county)
    db.session().refresh(load, with_for_update=True)


def _refuse_unconfirmed(checked: Checked, accept_sound: bool, confirm_endings: bool) -> None:
    if checked.understanding.missing:
        raise Refused(NotARoster(checked.understanding.missing).message)
    if checked.blocks and not accept_sound:
        count = len(checked.rows_out)
        raise Refused(
            _l("有 %(count)s 行存在错误。请改正后重新上传，或者只载入没有错误的行。", count=count), "accept_sound"
        )
    if checked.plan.needs_second_confirmation and not confirm_endings:
        ended, before = len(checked.plan.endings), checked.plan.open_posts
        message = _l("将结束 %(ended)s 项任职，超过现有 %(before)s 项的 2%%，请再次确认。", ended=ended, before=before)
        raise Refused(message, "confirm_endings")


def _record(verb: str, load: RosterLoad, *, actor: Actor, now: datetime) -> None:
    detail = {"file": load.file_name, **load.understood["plan"]}
    audit.record(verb, actor=actor, now=now, on=("roster_load", load.id), unit_id=load.unit_id, detail=detail)
