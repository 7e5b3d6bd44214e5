"""What is done with cases: written, brought on by steps, published, withdrawn; each with its row in the audit trail."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.cases import authors as authorship
from lms.cases import indexing, limits
from lms.cases.events import case_stepped, version_added
from lms.cases.kinds import ALLOWED, Section, State
from lms.cases.models import Case, CaseFile, CaseLabel, CaseMethod, CaseStep, CaseVersion, Method
from lms.cases.rendering import below_heading, digest_of, render
from lms.cases.texts import CaseText
from lms.cases.writing import write_case
from lms.core import audit, db, files
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.people.models import Person
from lms.units.models import Level, Unit


def create_case(
    *,
    unit: Unit | None,
    authors: Iterable[Person] = (),
    slug: str | None = None,
    origin: str = "page",
    actor: Actor,
    now: datetime,
) -> Case:
    """Begin a case, a draft without a version; `add_version` gives it its words.

    :param unit: whose it is; None: the site's.
    :param authors: persons of this site who wrote it; the actor is one of them, where it is a person.
    :param slug: the name of its file, where it comes from one.
    :raise Refused: there is a case of this name already.
    """
    case = Case(
        slug=slug or f"case-{secrets.token_hex(4)}",
        unit_id=unit.id if unit else None,
        origin=origin,
        state=State.DRAFT,
        latest_number=0,
        created_at=now,
        created_by_id=actor.person_id,
    )
    try:
        with db.session().begin_nested():
            db.session().add(case)
    except IntegrityError as error:
        raise Refused(_l("已经有名为“%(slug)s”的案例。", slug=slug)) from error
    writers = dict.fromkeys([person.id for person in authors] + ([actor.person_id] if actor.person_id else []))
    for position, person_id in enumerate(writers, 1):
        agrees = person_id == actor.person_id
        authorship.seat(case, person_id=person_id, position=position, agrees=agrees, actor=actor, now=now)
    _record("cases.create", case, actor=actor, now=now)
    return case


def add_version(
    case: Case,
    text: CaseText,
    *,
    persons: Mapping[int, int] | None = None,
    source: bytes | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> CaseVersion:
    """Add what the case now says; it is a draft again. What the public reads stays the version published before.

    :param persons: by position among the names of its authors: which person of this site that is; where nothing is
        said, the authors of the case who have such a name.
    :param source: its file, where it came from one; otherwise it is written in the same format.
    :raise Refused: it is too long or names a method that is not there.
    :raise BadInput: a section that cannot be rendered within limits.
    """
    if text.length > limits.LONGEST:
        raise Refused(_l("四部分合起来有 %(count)s 字，最多 %(limit)s 字。", count=text.length, limit=limits.LONGEST))
    text = replace(text, sections={section: below_heading(text.sections[section]) for section in Section})
    methods = _methods(text.methods)
    written = source if source is not None else write_case(text).encode()
    version = CaseVersion(
        case_id=case.id,
        number=case.latest_number + 1,
        **_facts(text),
        **{section.value: text.sections[section] for section in Section},
        html=render(text.sections),
        digest=digest_of(written, {name: attached.file.digest for name, attached in text.files.items()}),
        source_id=files.store(written, f"{case.slug}.md", now=now).id,
        note=note,
        created_at=now,
        created_by_id=actor.person_id,
    )
    db.session().add(version)
    db.session().flush()  # links and files point at it
    _add_links(version, methods, text)
    authorship.sign(version, authorship.match_names(case, text.authors) if persons is None else persons)
    before, case.latest_number = case.state, version.number
    _step(case, State.DRAFT, version=version, reason=note, actor=actor, now=now)
    indexing.refresh(case)
    _record("cases.write", case, actor=actor, now=now, version=version.number)
    version_added.send(None, case=case, version=version, before=before, actor=actor, now=now)
    return version


def take_step(
    case: Case,
    state: State,
    *,
    level: Level | None = None,
    unit: Unit | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> CaseStep:
    """Bring the newest version of a case on: submitted, returned, accepted or recommended (each at a level).

    :raise Refused: it cannot go there from where it stands, or is not complete enough to be judged.
    """
    if state is State.SUBMITTED:
        _refuse_incomplete(case)
    step = _step(case, state, level=level, unit=unit, reason=reason, actor=actor, now=now)
    _record("cases.step", case, actor=actor, now=now, state=state.value, level=level.value if level else None)
    return step


def publish(
    case: Case, *, level: Level | None = None, unit: Unit | None = None, reason: str = "", actor: Actor, now: datetime
) -> CaseStep:
    """Let everyone read the newest version.

    :raise Refused: it is not complete, or those told of have not agreed, or could be recognized.
    """
    _refuse_incomplete(case)
    case.published_number = case.latest_number
    case.published_at = case.published_at or now
    case.successor_id = None
    step = _step(case, State.PUBLISHED, level=level, unit=unit, reason=reason, actor=actor, now=now)
    indexing.refresh(case)
    _record("cases.publish", case, actor=actor, now=now, version=case.latest_number)
    return step


def withdraw(case: Case, *, reason: str, actor: Actor, now: datetime) -> CaseStep:
    """Take a case from the public; wherever it is used, that is said. Its address keeps saying so, too.

    :raise Refused: no reason, or it is withdrawn already.
    """
    if not reason.strip():
        raise Refused(_l("请写明撤回的原因。"), "reason")
    case.published_number = None
    step = _step(case, State.WITHDRAWN, reason=reason.strip(), actor=actor, now=now)
    indexing.refresh(case)
    _record("cases.withdraw", case, actor=actor, now=now)
    return step


def supersede(case: Case, *, by: Case, reason: str = "", actor: Actor, now: datetime) -> CaseStep:
    """Say that another, published case took the place of this one. It stays readable, and is no longer found.

    :raise Refused: either of them is not public, or they are the same.
    """
    if by.id == case.id or not by.is_public or not case.is_public or by.state is State.SUPERSEDED:
        raise Refused(_l("取代它的应是另一篇已经发布的案例。"), "successor")
    case.successor_id = by.id
    step = _step(case, State.SUPERSEDED, reason=reason, actor=actor, now=now)
    _record("cases.supersede", case, actor=actor, now=now, by=by.slug)
    return step


def award_label(case: Case, version: CaseVersion, *, unit: Unit, name: str, actor: Actor, now: datetime) -> CaseLabel:
    """Give a case a label of a unit's. It stands on its own, whatever other levels decide.

    :raise Refused: it has this label of this unit already.
    """
    label = CaseLabel(
        case_id=case.id,
        version_id=version.id,
        unit_id=unit.id,
        level=unit.level,
        name=name,
        awarded_at=now,
        awarded_by_id=actor.person_id,
    )
    try:
        with db.session().begin_nested():
            db.session().add(label)
    except IntegrityError as error:
        raise Refused(_l("这篇案例已经有称号“%(name)s”。", name=name)) from error
    indexing.refresh(case)
    _record("cases.label", case, actor=actor, now=now, name=name, unit=unit.name)
    return label


def revoke_label(label: CaseLabel, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take a label back; that it was given stays known.

    :raise Refused: no reason, or it is taken back already.
    """
    if label.revoked_at is not None or not reason.strip():
        raise Refused(_l("请写明收回称号的原因。"), "reason")
    label.revoked_at, label.revoked_by_id, label.revoked_why = now, actor.person_id, reason.strip()
    case = db.session().get_one(Case, label.case_id)
    db.session().flush()
    indexing.refresh(case)
    _record("cases.unlabel", case, actor=actor, now=now, name=label.name)


def record_export(*, actor: Actor, now: datetime) -> None:
    """Let the trail know that a list of cases was taken along."""
    audit.record("cases.export", actor=actor, now=now, on=("cases", "list"))


def _facts(text: CaseText) -> dict[str, object]:
    return {
        "title": text.title,
        "summary": text.summary,
        "abilities": [ability.value for ability in text.abilities],
        "themes": [theme.value for theme in text.themes],
        "community_kind": text.community_kind,
        "region": text.region,
        "place": text.place,
        "began": text.began,
        "ended": text.ended,
        "authors": list(text.authors),
        "evidence": text.evidence,
        "illustration": text.illustration,
        "consent": text.consent,
        "anonymized": text.anonymized,
    }


def _methods(slugs: Iterable[str]) -> list[Method]:
    """:raise Refused: one of them is not there."""
    wanted = list(dict.fromkeys(slugs))
    found = {m.slug: m for m in db.session().scalars(select(Method).where(Method.slug.in_(wanted)))}
    for slug in wanted:
        if slug not in found:
            raise Refused(_l("没有名为“%(slug)s”的工作法。", slug=slug), "methods")
    return [found[slug] for slug in wanted]


def _add_links(version: CaseVersion, methods: Iterable[Method], text: CaseText) -> None:
    for position, method in enumerate(methods, 1):
        db.session().add(CaseMethod(version_id=version.id, method_id=method.id, position=position))
    for name, attached in text.files.items():
        db.session().add(
            CaseFile(
                version_id=version.id,
                name=name,
                file_id=attached.file.id,
                mime=attached.mime,
                original=attached.original,
            )
        )
    db.session().flush()


def _step(
    case: Case,
    state: State,
    *,
    version: CaseVersion | None = None,
    level: Level | None = None,
    unit: Unit | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> CaseStep:
    if state not in ALLOWED[case.state] and not (version is not None and state is State.DRAFT):
        raise Refused(_l("案例现在是“%(now)s”，不能改为“%(then)s”。", now=case.state.label, then=state.label))
    version = version or _newest(case)
    case.state, case.level = state, level
    step = CaseStep(
        case_id=case.id,
        version_id=version.id if version else None,
        state=state,
        level=level,
        unit_id=unit.id if unit else None,
        reason=reason,
        taken_at=now,
        taken_by_id=actor.person_id,
    )
    db.session().add(step)
    db.session().flush()
    case_stepped.send(None, case=case, step=step, actor=actor, now=now)
    return step


def _newest(case: Case) -> CaseVersion | None:
    here = (CaseVersion.case_id == case.id, CaseVersion.number == case.latest_number)
    return db.session().scalars(select(CaseVersion).where(*here)).one_or_none()


def _refuse_incomplete(case: Case) -> None:
    version = _newest(case)
    if version is None or not all([version.title, version.summary, version.abilities, version.themes, version.began]):
        raise Refused(_l("标题、摘要、能力、主题和时间都要填写。"))
    for section in Section:
        if not version.text_of(section).strip():
            raise Refused(_l("“%(section)s”还没有写。", section=section.label))
    if not version.illustration and not (version.consent and version.anonymized):
        raise Refused(_l("请先确认：文中的人已经同意写出来，并且看不出是哪位居民。"))


def _record(verb: str, case: Case, *, actor: Actor, now: datetime, **detail: object) -> None:
    audit.record(
        verb, actor=actor, now=now, on=("case", case.id), unit_id=case.unit_id, detail={"slug": case.slug, **detail}
    )
