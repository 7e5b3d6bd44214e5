"""What finding needs, derived from a case anew whenever it changes: the text that is searched, facets, and keys."""

from sqlalchemy import delete, func, insert, select

from lms.cases import likeness, plain
from lms.cases.authors import list_names
from lms.cases.kinds import Facet, Section
from lms.cases.models import Case, CaseFacet, CaseKey, CaseLabel, CaseMethod, CaseVersion, Method, MethodVersion
from lms.core import db, search
from lms.units.models import Level, Unit

CASE, METHOD = "case", "method"


def refresh(case: Case) -> None:
    """Let the case be found by what it says now: by the published version, by the newest where none is."""
    version = shown_version(case)
    if version is None:
        return
    methods = (
        db.session()
        .execute(
            select(MethodVersion.name, MethodVersion.initials)
            .join(Method, (Method.id == MethodVersion.method_id) & (Method.latest_number == MethodVersion.number))
            .join(CaseMethod, CaseMethod.method_id == Method.id)
            .where(CaseMethod.version_id == version.id)
            .order_by(CaseMethod.position)
        )
        .all()
    )
    unit = db.session().get(Unit, case.unit_id) if case.unit_id else None
    lines = [
        version.summary,
        "、".join(row.name for row in methods),
        " ".join([version.region, version.place, *([unit.name] if unit else [])]),
        "、".join(list_names(version)),
        *(plain.text_of(version.html[section.value]) for section in Section),
    ]
    content = "\n".join(line for line in lines if line)
    search.put(CASE, case.id, title=version.title, content=content, extra=[row.initials for row in methods])
    write_keys(case.id, content)
    _write_facets(case, version, unit)


def refresh_method(method: Method, version: MethodVersion) -> None:
    """Let the method be found by what it says now."""
    lines = [version.idea, *(plain.text_of(version.html[part]) for part in ("steps", "fits", "unfit"))]
    search.put(METHOD, method.id, title=version.name, content="\n".join(lines), extra=[version.initials])


def refresh_cases_of(method: Method) -> None:
    """Let the cases that show a method be found by the name that it has now."""
    shown = func.coalesce(Case.published_number, Case.latest_number)
    statement = (
        select(Case)
        .join(CaseVersion, (CaseVersion.case_id == Case.id) & (CaseVersion.number == shown))
        .join(CaseMethod, CaseMethod.version_id == CaseVersion.id)
        .where(CaseMethod.method_id == method.id)
        .order_by(Case.id)
    )
    for case in db.session().scalars(statement).all():
        refresh(case)


def shown_version(case: Case) -> CaseVersion | None:
    number = case.published_number or case.latest_number
    here = (CaseVersion.case_id == case.id, CaseVersion.number == number)
    return db.session().scalars(select(CaseVersion).where(*here)).one_or_none()


def write_keys(case_id: int, content: str) -> None:
    """Keep the keys of what a case says (`likeness`); those that it had already stay."""
    keys = likeness.keys_of(likeness.letters_of(content))
    kept = set(db.session().scalars(select(CaseKey.key).where(CaseKey.case_id == case_id)))
    if gone := kept - keys:
        db.session().execute(delete(CaseKey).where(CaseKey.case_id == case_id, CaseKey.key.in_(gone)))
    if new := keys - kept:
        db.session().execute(insert(CaseKey), [{"key": key, "case_id": case_id} for key in sorted(new)])


def _write_facets(case: Case, version: CaseVersion, unit: Unit | None) -> None:
    standing = (CaseLabel.case_id == case.id, CaseLabel.revoked_at.is_(None), CaseVersion.number <= version.number)
    levels = select(CaseLabel.level).join(CaseVersion, CaseVersion.id == CaseLabel.version_id).where(*standing)
    values = {
        Facet.ABILITY: version.abilities,
        Facet.THEME: version.themes,
        Facet.REGION: [str(region_of(unit).id)] if unit else [],
        Facet.LEVEL: [level.value for level in db.session().scalars(levels.distinct())],
        Facet.YEAR: [version.began[:4]],
        Facet.COMMUNITY: [version.community_kind.value],
    }
    db.session().execute(delete(CaseFacet).where(CaseFacet.case_id == case.id))
    rows = [{"case_id": case.id, "facet": facet, "value": v} for facet, all_of in values.items() for v in all_of]
    db.session().execute(insert(CaseFacet), rows)


def region_of(unit: Unit) -> Unit:
    """The city that a unit lies in; where there is none above it, the county; else the unit itself."""
    if unit.level in (Level.PROVINCE, Level.CITY):
        return unit
    above = db.session().scalars(select(Unit).where(Unit.id.in_([*unit.ancestor_ids, unit.id]))).all()
    by_level = {one.level: one for one in above}
    return by_level.get(Level.CITY) or by_level.get(Level.COUNTY) or unit
