"""From files of the library, found sound, to methods and cases that are read; and back to the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.cases import actions, methods, queries
from lms.cases.library import FILES, METHODS, Reading
from lms.cases.library_text import CaseSource, MethodSource
from lms.cases.models import Case, CaseFile, CaseMethod, CaseVersion, Method, MethodVersion
from lms.cases.rendering import digest_of
from lms.cases.texts import Attachment
from lms.core import db, files, markdown
from lms.core.errors import BadInput, Refused
from lms.core.files import StoredFile
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.courses.faults import Fault
from lms.hours.kinds import Ability
from lms.units.models import Unit

ORIGIN = "folder"


class Outcome(StrEnum):
    CREATED = "created"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Loaded:
    """What became of one file."""

    outcome: Outcome
    slug: str
    title: str
    number: int
    #: a method that was withdrawn: loading it does not put it back
    withdrawn: bool = False


def rendering_faults(reading: Reading) -> list[Fault]:
    """The files that cannot become a page, by trying; for `cases check`."""
    texts = {case.path: "\n\n".join(case.text.sections.values()) for case in reading.cases}
    texts |= {m.path: "\n\n".join([m.text.steps, m.text.fits, m.text.unfit]) for m in reading.methods}
    try:
        markdown.render_all(list(texts.values()))
    except BadInput:
        return [fault for path, text in texts.items() if (fault := _rendering_fault(path, text))]
    return []


def _rendering_fault(path: str, text: str) -> Fault | None:
    try:
        markdown.render(text)
    except BadInput as error:
        return Fault(path, None, "unrenderable", {"reason": error.message})
    return None


def load_method(source: MethodSource, *, unit: Unit | None, actor: Actor, now: datetime) -> Loaded:
    """Load one method: new, changed, or as it is.

    :raise Refused: a method of this name belongs to another unit.
    """
    method = db.session().scalars(select(Method).where(Method.slug == source.slug)).one_or_none()
    if method is None:
        method = methods.create_method(slug=source.slug, unit=unit, origin=ORIGIN, now=now)
    _refuse_foreign(method.unit_id, unit, source.slug)
    withdrawn = queries.find_withdrawal(method) is not None
    here = (MethodVersion.method_id == method.id, MethodVersion.number == method.latest_number)
    newest = db.session().scalars(select(MethodVersion).where(*here)).one_or_none()
    if newest is not None and newest.digest == digest_of(source.data, {}):
        return Loaded(Outcome.UNCHANGED, source.slug, newest.name, newest.number, withdrawn)
    version = methods.add_version(method, source.text, source=source.data, actor=actor, now=now)
    outcome = Outcome.REVISED if newest else Outcome.CREATED
    return Loaded(outcome, source.slug, version.name, version.number, withdrawn)


def load_case(source: CaseSource, *, unit: Unit | None, actor: Actor, now: datetime) -> Loaded:
    """Load one case and publish it: new, changed, or as it is.

    :raise Refused: a case of this name belongs to another unit, or it names a method that is not there.
    """
    case = db.session().scalars(select(Case).where(Case.slug == source.slug)).one_or_none()
    newest = None
    if case is not None:
        _refuse_foreign(case.unit_id, unit, source.slug)
        here = (CaseVersion.case_id == case.id, CaseVersion.number == case.latest_number)
        newest = db.session().scalars(select(CaseVersion).where(*here)).one_or_none()
    stored = {name: files.store(media.data, name, now=now) for name, media in source.media.items()}
    digest = digest_of(source.data, {name: file.digest for name, file in stored.items()})
    if newest is not None and newest.digest == digest:
        return Loaded(Outcome.UNCHANGED, source.slug, newest.title, newest.number)
    if case is None:
        case = actions.create_case(unit=unit, slug=source.slug, origin=ORIGIN, actor=actor, now=now)
    attached = {name: Attachment(file, source.media[name].type.mime) for name, file in stored.items()}
    text = replace(source.text, files=attached)
    version = actions.add_version(case, text, source=source.data, actor=actor, now=now)
    actions.publish(case, actor=actor, now=now)
    outcome = Outcome.REVISED if newest else Outcome.CREATED
    return Loaded(outcome, source.slug, version.title, version.number)


def load_all(reading: Reading, *, unit: Unit | None, actor: Actor, now: datetime) -> list[Loaded]:
    """Load everything that was read: methods first, for cases name them."""
    loaded = [load_method(source, unit=unit, actor=actor, now=now) for source in reading.methods]
    return loaded + [load_case(source, unit=unit, actor=actor, now=now) for source in reading.cases]


def _refuse_foreign(owner_id: int | None, unit: Unit | None, slug: str) -> None:
    if owner_id != (unit.id if unit else None):
        raise Refused(_l("“%(slug)s”已经有了，属于另一个单位。请改用别的名字。", slug=slug))


def write_folder(cases: Sequence[Case], of_methods: Sequence[Method], target: Path) -> int:
    """Write the published versions of `cases`, and `of_methods`, into `target`; answers how many files.

    :raise Refused: `target` is there and not an empty folder, or two files would have the same name.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(_l("“%(path)s”不是空文件夹，没有写入任何文件。", path=str(target)))
    written: dict[str, bytes] = {}
    for method in of_methods:
        version = (
            db.session()
            .scalars(
                select(MethodVersion).where(
                    MethodVersion.method_id == method.id, MethodVersion.number == method.latest_number
                )
            )
            .one()
        )
        written[f"{METHODS}/{method.slug}.md"] = files.read(_stored(version.source_id))
    for case in cases:
        _add_case(case, written)
    for name, data in written.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return len(written)


def _add_case(case: Case, written: dict[str, bytes]) -> None:
    here = (CaseVersion.case_id == case.id, CaseVersion.number == case.published_number)
    version = db.session().scalars(select(CaseVersion).where(*here)).one()
    folder = version.abilities[0] if version.abilities else Ability.MASS_WORK.value
    written[f"{folder}/{case.slug}.md"] = files.read(_stored(version.source_id))
    for attached in list_files(version):
        name, data = f"{folder}/{FILES}/{attached.name}", files.read(attached.file)
        if written.setdefault(name, data) != data:
            raise Refused(_l("两篇案例的附件同名：%(name)s。请分别取出。", name=name))


def list_files(version: CaseVersion) -> Sequence[CaseFile]:
    """The files that readers may have, by name."""
    wanted = select(CaseFile).where(CaseFile.version_id == version.id, CaseFile.original.is_(False))
    return db.session().scalars(wanted.options(joinedload(CaseFile.file)).order_by(CaseFile.name)).all()


def methods_of(cases: Sequence[Case]) -> Sequence[Method]:
    """The methods that the published versions of `cases` show."""
    shown = (
        select(CaseMethod.method_id)
        .join(CaseVersion, CaseVersion.id == CaseMethod.version_id)
        .join(Case, (Case.id == CaseVersion.case_id) & (Case.published_number == CaseVersion.number))
        .where(Case.id.in_([case.id for case in cases]))
    )
    return db.session().scalars(select(Method).where(Method.id.in_(shown)).order_by(Method.slug)).all()


def _stored(file_id: int) -> StoredFile:
    return db.session().get_one(StoredFile, file_id)
