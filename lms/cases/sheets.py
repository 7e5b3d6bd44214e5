"""The list of cases as a table of a workbook, for those who answer for them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, func, select

from lms.cases import access
from lms.cases.kinds import CommunityKind, Theme
from lms.cases.models import Case, CaseLabel, CaseUse, CaseVersion
from lms.core import clock, db
from lms.core.i18n import gettext as _
from lms.core.spreadsheets import Table, Value
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.units.models import Unit

MOST = 20_000


def case_list(actor: Actor) -> Table:
    """Every case of the units that the actor administers, drafts included, each with the version that is shown."""
    head = [
        *(_("标题"), _("地址"), _("单位"), _("状态"), _("级别"), _("版本"), _("首次发布"), _("地区"), _("社区或单位")),
        *(_("时间"), _("能力"), _("主题"), _("社区类型"), _("作者"), _("称号"), _("借鉴的社区"), _("教学示例")),
    ]
    return Table(_("案例清单"), head, _rows(actor), widths=[40, 24, 24, 12])


def _rows(actor: Actor) -> Iterator[Sequence[Value]]:
    shown = func.coalesce(Case.published_number, Case.latest_number)
    statement = (
        select(Case, CaseVersion, Unit.name)
        .join(CaseVersion, and_(CaseVersion.case_id == Case.id, CaseVersion.number == shown))
        .outerjoin(Unit, Unit.id == Case.unit_id)
        .where(access.run_by(actor, "admin"))
        .order_by(Case.id)
        .limit(MOST)
    )
    found = db.session().execute(statement).all()
    labels, uses = _labels(), _uses()
    for case, version, unit in found:
        yield (
            version.title,
            case.slug,
            unit or _("本站"),
            str(case.state.label),
            str(case.level.label) if case.level else "",
            version.number,
            clock.local_date(case.published_at) if case.published_at else None,
            version.region,
            version.place,
            version.when,
            _("、").join(str(Ability(value).label) for value in version.abilities),
            _("、").join(str(Theme(value).label) for value in version.themes),
            str(CommunityKind(version.community_kind).label),
            _("、").join(version.authors),
            _("、").join(labels.get(case.id, [])),
            uses.get(case.id, 0),
            _("是") if version.illustration else "",
        )


def _labels() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    standing = select(CaseLabel.case_id, CaseLabel.name).where(CaseLabel.revoked_at.is_(None)).order_by(CaseLabel.id)
    for case_id, name in db.session().execute(standing):
        found.setdefault(case_id, []).append(name)
    return found


def _uses() -> dict[int, int]:
    counted = select(CaseUse.case_id, func.count()).where(CaseUse.taken_back_at.is_(None)).group_by(CaseUse.case_id)
    return {row[0]: row[1] for row in db.session().execute(counted)}
