"""培养台账: the pairs of a unit and a year, on paper and as a workbook. It holds no word of what was talked about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import Table, Value
from lms.core.web import Actor
from lms.mentoring import naming, unit_queries
from lms.mentoring.access import seen_by_unit
from lms.mentoring.kinds import Side, Stage
from lms.mentoring.models import CardGoal, Evaluation, EvaluationMark, Pairing
from lms.mentoring.unit_queries import PairRow
from lms.units.models import Unit

#: On a page, and in a workbook.
MOST_SHOWN, MOST_EXPORTED = 300, 20_000
BATCH = 500


@dataclass(frozen=True)
class Line:
    """A pair on the register."""

    row: PairRow
    mentor_position: str
    mentee_position: str
    abilities: Sequence[str]
    #: (stage, side) -> how far the goals have come, in words
    evaluated: dict[tuple[Stage, Side], str]

    @property
    def mentor(self) -> str:
        return self.row.names.shown(Side.MENTOR)

    @property
    def mentee(self) -> str:
        return self.row.names.shown(Side.MENTEE)

    @property
    def half_way(self) -> str:
        return self._said(Stage.HALF_WAY)

    @property
    def final(self) -> str:
        return self._said(Stage.FINAL)

    def _said(self, stage: Stage) -> str:
        said = [(side, self.evaluated[stage, side]) for side in Side if (stage, side) in self.evaluated]
        return _("；").join(f"{side.label}：{words}" for side, words in said)


def count(unit: Unit, year: int) -> int:
    where = (seen_by_unit((unit.path,)), unit_queries.overlapping(year))
    return db.session().scalar(select(func.count()).select_from(Pairing).where(*where)) or 0


def read(actor: Actor, unit: Unit, year: int, *, most: int, now: datetime) -> Iterator[Line]:
    """The register, the oldest pair first; read batch by batch, so that a long one never lies in memory whole."""
    statement = select(Pairing.id).where(seen_by_unit((unit.path,)), unit_queries.overlapping(year))
    ids = list(db.session().scalars(statement.order_by(Pairing.starts_on, Pairing.id).limit(most)))
    for start in range(0, len(ids), BATCH):
        yield from _lines(actor, ids[start : start + BATCH], now=now)


def _lines(actor: Actor, ids: Sequence[int], *, now: datetime) -> Iterator[Line]:
    rows = unit_queries.load_rows(actor, ids, now=now)
    people = {row.pairing.mentor.person_id for row in rows} | {row.pairing.mentee_id for row in rows}
    positions, goals, said = naming.positions(sorted(people)), _goals(ids), _evaluations(ids)
    for row in rows:
        pairing = row.pairing
        yield Line(
            row=row,
            mentor_position=positions.get(pairing.mentor.person_id, str(pairing.mentor.background.label)),
            mentee_position=positions.get(pairing.mentee_id, ""),
            abilities=goals.get(pairing.id, ()),
            evaluated=said.get(pairing.id, {}),
        )


def _goals(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    statement = select(CardGoal.pairing_id, CardGoal.ability).where(CardGoal.pairing_id.in_(ids))
    for pairing_id, ability in db.session().execute(statement.order_by(CardGoal.id)):
        found.setdefault(pairing_id, []).append(str(ability.label))
    return found


def _evaluations(ids: Sequence[int]) -> dict[int, dict[tuple[Stage, Side], str]]:
    """How many goals stand at each word, as "已达到 1，有进步 1"."""
    statement = (
        select(Evaluation.pairing_id, Evaluation.stage, Evaluation.side, EvaluationMark.progress, func.count())
        .join(EvaluationMark, EvaluationMark.evaluation_id == Evaluation.id)
        .where(Evaluation.pairing_id.in_(ids))
        .group_by(Evaluation.pairing_id, Evaluation.stage, Evaluation.side, EvaluationMark.progress)
        .order_by(EvaluationMark.progress.desc())
    )
    found: dict[int, dict[tuple[Stage, Side], str]] = {}
    for pairing_id, stage, side, progress, number in db.session().execute(statement):
        words = found.setdefault(pairing_id, {})
        words[stage, side] = _("、").join(filter(None, (words.get((stage, side)), f"{progress.label} {number}")))
    return found


def sheet(actor: Actor, unit: Unit, year: int, *, now: datetime) -> Table:
    """The register as a table of a workbook.

    :raise Refused: it is too long for one.
    """
    pairs = count(unit, year)
    if pairs > MOST_EXPORTED:
        sentence = _(
            "台账有 %(count)s 对，一次最多导出 %(most)s 对。请到下一级单位分别导出。", count=pairs, most=MOST_EXPORTED
        )
        raise Refused(sentence)
    head = [
        _("导师姓名"), _("导师单位及职务"), _("帮带对象"), _("帮带对象单位及职务"), _("专题"), _("目标"), _("开始日期"),
        _("结束日期"), _("状态"), _("见面次数"), _("最近见面"), _("中期评价"), _("期满评价"),
    ]  # fmt: skip
    cells = (_cells(line) for line in read(actor, unit, year, most=MOST_EXPORTED, now=now))
    return Table(_("培养台账"), head, cells, widths=[10, 24, 10, 24, 14, 28, 12, 12, 12, 10, 12, 28, 28])


def _cells(line: Line) -> tuple[Value, ...]:
    pairing, facts = line.row.pairing, line.row.facts
    return (
        line.mentor,
        line.mentor_position,
        line.mentee,
        line.mentee_position,
        pairing.topic,
        _("、").join(line.abilities),
        pairing.starts_on,
        pairing.ends_on,
        str(pairing.state.label),
        facts.confirmed,
        facts.last_met,
        line.half_way,
        line.final,
    )


def record_export(unit: Unit, year: int, *, actor: Actor, now: datetime) -> None:
    """Who took the register away, and of what."""
    audit.record(
        "mentoring.export", actor=actor, now=now, on=("unit", unit.id), unit_id=unit.id, detail={"year": str(year)}
    )
