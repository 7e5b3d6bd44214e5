"""A spreadsheet of back-entries on its way: checked, then its sound rows entered, or given up. As with the roster, what
is stored is what was true at the moment of confirmation."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import update

from lms.core import audit, clock, db, spreadsheets
from lms.core.errors import Refused
from lms.core.files import StoredFile, clean_label
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.spreadsheets import Table, Unreadable, Workbook
from lms.core.web import Actor
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.notices.actions import Link, tell
from lms.people import identity
from lms.people.models import Person
from lms.records import claims, dossiers, kinds, queries
from lms.records.claims import Dossier
from lms.records.findings import Code, Finding, to_json, worst_first
from lms.records.models import BackEntry, BackEntryLoad, LoadStage
from lms.records.sheets import LABELS, MOST_ROWS, Column, NotBackEntries, Row, Understanding, repeated, understand
from lms.units.models import Unit

KEPT = timedelta(days=30)  # how long the content of a file waits for its confirmation
MOST_AT_ONCE = 100  # back-entries approved with one click: each is an award with its notices


@dataclass(frozen=True)
class Checked:
    """A file's rows, whom each is about, and what is wrong with them."""

    understanding: Understanding
    people: dict[int, int]
    dossiers: dict[int, Dossier]

    @property
    def sound(self) -> list[Row]:
        return [row for row in self.understanding.rows if row.is_sound and row.number in self.people]

    @property
    def findings(self) -> list[Finding]:
        return worst_first([one for row in self.understanding.rows for one in row.findings])


def check(
    unit: Unit, data: bytes, name: str, *, evidence: StoredFile | None = None, actor: Actor, now: datetime
) -> BackEntryLoad:
    """Read a file as back-entries of a unit's people; none of them is entered yet.

    :raise Refused: the file cannot be read, lacks columns, or is too long; with the field "file".
    """
    label = clean_label(name)
    checked = _examine(unit, _read(data, label), actor=actor, now=now)
    stale = BackEntryLoad.content.is_not(None), BackEntryLoad.created_at < now - KEPT
    db.session().execute(update(BackEntryLoad).where(*stale).values(content=None))
    load = BackEntryLoad(
        unit_id=unit.id,
        file_name=label,
        content=identity.encrypt(base64.b64encode(data).decode()),
        evidence_id=evidence.id if evidence else None,
        created_at=now,
        created_by_id=actor.person_id,
    )
    _keep(load, checked)
    db.session().add(load)
    db.session().flush()  # the audit row and the page name it
    _record("records.check_file", load, actor=actor, now=now)
    return load


def carry_out(load: BackEntryLoad, *, accept_sound: bool, actor: Actor, now: datetime) -> int:
    """Enter the sound rows; they wait for a second person. A second click enters nothing more.

    :param accept_sound: leave the rows with errors out instead of refusing.
    :raise Refused: errors that were not accepted, or no sound row.
    """
    db.session().refresh(load, ["loaded_at", "discarded_at", "content"], with_for_update=True)
    if load.stage is LoadStage.LOADED:
        return 0
    _require_open(load)
    assert load.content is not None
    data = base64.b64decode(identity.decrypt(load.content))
    checked = _examine(load.unit, _read(data, load.file_name), actor=actor, now=now)
    _keep(load, checked)
    left = len(checked.understanding.rows) - len(checked.sound)
    if left and not accept_sound:
        sentence = _l("有 %(count)s 行存在错误。请改正后重新上传，或者只载入没有错误的行。", count=left)
        raise Refused(sentence, "accept_sound")
    if not checked.sound:
        raise Refused(_l("没有可以载入的行。"))
    for row in checked.sound:
        assert row.claim is not None
        person_id = checked.people[row.number]
        entry = dossiers.build(person_id, row.claim, checked.dossiers[person_id], actor=actor, now=now)
        entry.load_id, entry.file_id = load.id, load.evidence_id
        db.session().add(entry)
    load.loaded_at, load.content = now, None
    _record("records.load_file", load, actor=actor, now=now, entered=len(checked.sound))
    _tell_reviewers(load, len(checked.sound), actor=actor, now=now)
    return len(checked.sound)


def discard(load: BackEntryLoad, *, actor: Actor, now: datetime) -> None:
    """Give a checked file up: its content is forgotten.

    :raise Refused: it is loaded already.
    """
    _require_open(load)
    load.discarded_at, load.content = now, None
    _record("records.discard_file", load, actor=actor, now=now)


def template() -> bytes:
    """An empty table to fill in, with a row of explanations on a sheet of its own."""
    heads = [str(label) for label in LABELS.values()]
    joint = _("、")

    def words(kind: Any) -> str:
        return joint.join(str(one.label) for one in kind)

    rows = [
        (str(LABELS[Column.NAME]), _("与花名册一致")),
        (str(LABELS[Column.ID_NUMBER]), _("身份证号和手机号至少填一项；单元格用文本格式")),
        (str(LABELS[Column.TITLE]), _("证书或文件上的全称")),
        (str(LABELS[Column.TIER]), words(Tier)),
        (str(LABELS[Column.TYPE]), words(TrainingType)),
        (str(LABELS[Column.ABILITIES]), _("可填多项，用顿号隔开：%(choices)s", choices=words(Ability))),
        (str(LABELS[Column.STARTS_ON]), _("写到日，例如 2026-05-18；当天开始当天结束的可以不填")),
        (str(LABELS[Column.DAYS]), _("按天计算的培训填写，半天填 0.5")),
        (str(LABELS[Column.HOURS]), _("证书或文件写明的学时，不得超过本地学时规则")),
        (str(LABELS[Column.EVIDENCE]), _("证书编号或者文件文号，审批人据此核对")),
    ]
    fill = Table(_("补录表"), heads, [], widths=[10, 22, 14, 30, 20, 12, 14, 24, 12, 12, 8, 8, 30])
    return spreadsheets.write_xlsx([fill, Table(_("填写说明"), [_("列"), _("怎样填")], rows, widths=[14, 80])])


def list_sound(load: BackEntryLoad) -> Sequence[BackEntry]:
    """The next back-entries of a file to approve together: those that repeat nothing."""
    waiting = queries.list_waiting_of(load)
    gathered = dossiers.gather(sorted({one.person_id for one in waiting}))
    sound = (
        one
        for one in waiting
        if not claims.alike(dossiers.claim_of(one), dossiers.without(gathered[one.person_id], one.id))
    )
    return list(islice(sound, MOST_AT_ONCE))


def _read(data: bytes, name: str) -> Workbook:
    try:
        return spreadsheets.read(data, name)
    except Unreadable as error:
        raise Refused(error.message, "file") from error


def _examine(unit: Unit, workbook: Workbook, *, actor: Actor, now: datetime) -> Checked:
    """Understand a workbook and compare each row with what is on record."""
    today = clock.local_date(now)
    try:
        understanding = understand(workbook, today=today)
    except NotBackEntries as error:
        names = _("、").join(str(one.label) for one in error.missing)
        raise Refused(_("没有找到表头，缺少这些列：%(names)s。请使用模板填写。", names=names), "file") from error
    if len(understanding.rows) > MOST_ROWS:
        raise Refused(_l("一次最多 %(most)s 行，请分成几个文件上传。", most=MOST_ROWS), "file")
    people = _people_of(unit, understanding.rows, actor=actor)
    gathered = dossiers.gather(sorted(set(people.values())))
    checked = Checked(understanding, people, gathered)
    rules = dossiers.Rules()
    sees_ledger = actor.covers(unit.path, "admin")
    for row in understanding.rows:
        if row.claim is not None and row.number in people:
            _compare(row, gathered[people[row.number]], rules, sees_ledger=sees_ledger, today=today)
    for row, number in repeated(understanding.rows, people):
        row.note(Code.TWICE_IN_FILE, Column.TITLE, row=number)
    return checked


def _compare(row: Row, dossier: Dossier, rules: dossiers.Rules, *, sees_ledger: bool, today: date) -> None:
    """What is wrong with a row; and, for those who may see the ledger, what it may repeat."""
    assert row.claim is not None
    found = list(claims.faults(row.claim, dossier, rules.stated(row.claim, dossier), today=today))
    for field, (code, params) in found:
        row.note(code, field, **params)
    if not found and sees_ledger:
        for one in claims.alike(row.claim, dossier)[:1]:
            known = one.known
            row.note(Code.MAY_REPEAT, Column.TITLE, title=known.title, date=known.occurred_on.isoformat())


def _people_of(unit: Unit, rows: Sequence[Row], *, actor: Actor) -> dict[int, int]:
    """The person of each row by its number: by identity number, else by name and phone; else a finding says why."""
    numbers = sorted({row.id_number for row in rows if row.id_number})
    phones = sorted({row.phone for row in rows if row.phone})
    found = queries.find_people((unit.path,), id_numbers=numbers, phones=phones)
    by_digest = {person.id_number_digest: person for person in found if person.id_number_digest}
    people: dict[int, int] = {}
    for row in rows:
        if not row.name or not (row.id_number or row.phone):
            continue
        person = _match(row, found, by_digest)
        if isinstance(person, Code):
            row.note(person, Column.NAME)
        elif person.id == actor.person_id:
            row.note(Code.ONESELF, Column.NAME)
        else:
            people[row.number] = person.id
    return people


def _match(row: Row, found: Sequence[Person], by_digest: dict[str, Person]) -> Person | Code:
    if row.id_number:
        person = by_digest.get(identity.digest(row.id_number))
        if person is not None:
            return person if person.name == row.name else Code.PERSON_UNKNOWN
    same = [person for person in found if row.phone and (person.name, person.phone) == (row.name, row.phone)]
    if len(same) == 1:
        return same[0]
    return Code.PERSON_UNCLEAR if same else Code.PERSON_UNKNOWN


def _keep(load: BackEntryLoad, checked: Checked) -> None:
    """What the pages show of a check."""
    found = checked.findings
    severities = [one.severity.value for one in found]
    load.understood = {
        "sheet": checked.understanding.sheet,
        "header_row": checked.understanding.header_row,
        "rows": len(checked.understanding.rows),
        "sound": len(checked.sound),
        "findings": {severity: severities.count(severity) for severity in ("error", "warning", "info")},
    }
    load.findings = [to_json(one) for one in found]


def _require_open(load: BackEntryLoad) -> None:
    if load.stage is not LoadStage.CHECKED or load.content is None:
        raise Refused(_l("这份文件已经载入、放弃或过期，请重新上传。"))


def _tell_reviewers(load: BackEntryLoad, count: int, *, actor: Actor, now: datetime) -> None:
    tell(
        queries.list_reviewers(load.unit.path, [actor.person_id]),
        kind=kinds.WAITING_FILE.name,
        params={"name": actor.name, "title": load.file_name, "count": count},
        link=Link("records.show_load", {"load_id": load.id}),
        source=("back_entry_load", str(load.id)),
        why="reviewer",
        actor=actor,
        now=now,
    )


def _record(verb: str, load: BackEntryLoad, *, actor: Actor, now: datetime, **detail: Any) -> None:
    said = {"file": load.file_name, "rows": load.understood["rows"], **detail}
    audit.record(verb, actor=actor, now=now, on=("back_entry_load", load.id), unit_id=load.unit_id, detail=said)
