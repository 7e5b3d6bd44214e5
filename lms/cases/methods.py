"""What is done with methods: they are written, and at once read by everyone; withdrawn, and put back."""

import secrets
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.cases import indexing, plain, queries, telling
from lms.cases.access import get_method_version
from lms.cases.models import Method, MethodVersion, MethodWithdrawal
from lms.cases.rendering import digest_of
from lms.cases.texts import MethodText
from lms.cases.writing import METHOD_HEADINGS, write_method
from lms.core import audit, db, files, markdown
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.units.models import Unit


def create_method(*, slug: str, unit: Unit | None, origin: str = "page", now: datetime) -> Method:
    """Begin a method; `add_version` gives it its words.

    :param unit: whose it is; None: the site's.
    :raise Refused: there is a method of this name already.
    """
    method = Method(slug=slug, unit_id=unit.id if unit else None, origin=origin, latest_number=0, created_at=now)
    try:
        with db.session().begin_nested():
            db.session().add(method)
    except IntegrityError as error:
        raise Refused(_l("已经有名为“%(slug)s”的工作法。", slug=slug)) from error
    return method


def publish_method(text: MethodText, *, unit: Unit, actor: Actor, now: datetime) -> Method:
    """Write a method in the page; everyone reads it at once.

    :param text: as `method_check.checked` found it sound.
    """
    method = create_method(slug=f"method-{secrets.token_hex(4)}", unit=unit, now=now)
    add_version(method, text, actor=actor, now=now)
    return method


def revise_method(
    method: Method, text: MethodText, *, based_on: int, actor: Actor, now: datetime
) -> MethodVersion | None:
    """Let the method, locked by the caller, say this from now on; None where it says so already.

    :param based_on: number of the version that was changed.
    :raise Refused: somebody else wrote another version meanwhile.
    """
    newest = get_method_version(method)
    if based_on != newest.number:
        raise Refused(
            _l(
                "别人刚刚写了第 %(number)s 版。请先看一看；再按一次“保存”，就把您这里的存为更新的一版。",
                number=newest.number,
            )
        )
    if said_by(newest) == text:
        return None
    version = add_version(method, text, actor=actor, now=now)
    if version.name != newest.name:
        indexing.refresh_cases_of(method)
    return version


def withdraw_method(method: Method, *, reason: str, actor: Actor, now: datetime) -> MethodWithdrawal:
    """Take a method, locked by the caller, from the public; wherever it is named, that is said.

    :raise Refused: no reason, or it is withdrawn already.
    """
    if not reason.strip():
        raise Refused(_l("请写明撤回的原因。"), "reason")
    if queries.find_withdrawal(method) is not None:
        raise Refused(_l("这个工作法已经撤回。"))
    withdrawal = MethodWithdrawal(
        method_id=method.id, reason=reason.strip(), withdrawn_at=now, withdrawn_by_id=actor.person_id
    )
    db.session().add(withdrawal)
    db.session().flush()
    _record("cases.withdraw_method", method, actor=actor, now=now)
    telling.tell_method_writers(method, withdrawal, actor=actor, now=now)
    return withdrawal


def restore_method(method: Method, *, actor: Actor, now: datetime) -> None:
    """Let everyone read a method, locked by the caller, again; that it was withdrawn stays known to those who run it.

    :raise Refused: it is not withdrawn.
    """
    withdrawal = queries.find_withdrawal(method)
    if withdrawal is None:
        raise Refused(_l("这个工作法没有撤回。"))
    withdrawal.restored_at, withdrawal.restored_by_id = now, actor.person_id
    db.session().flush()
    _record("cases.restore_method", method, actor=actor, now=now)


def said_by(version: MethodVersion) -> MethodText:
    """What a version says, as plain data."""
    return MethodText(
        name=version.name,
        idea=version.idea,
        abilities=tuple(version.trained),
        authors=tuple(version.authors),
        steps=version.steps,
        fits=version.fits,
        unfit=version.unfit,
    )


def add_version(
    method: Method, text: MethodText, *, source: bytes | None = None, actor: Actor, now: datetime
) -> MethodVersion:
    """Let the method say this from now on.

    :param source: its file, where it came from one; otherwise it is written in the same format.
    :raise BadInput: a part that cannot be rendered within limits.
    """
    written = source if source is not None else write_method(text).encode()
    parts = list(METHOD_HEADINGS)
    pages = markdown.render_all([getattr(text, part) for part in parts])
    version = MethodVersion(
        method_id=method.id,
        number=method.latest_number + 1,
        name=text.name,
        initials=plain.initials(text.name),
        idea=text.idea,
        abilities=[ability.value for ability in text.abilities],
        authors=list(text.authors),
        steps=text.steps,
        fits=text.fits,
        unfit=text.unfit,
        html=dict(zip(parts, pages, strict=True)),
        digest=digest_of(written, {}),
        source_id=files.store(written, f"{method.slug}.md", now=now).id,
        created_at=now,
        created_by_id=actor.person_id,
    )
    method.latest_number = version.number
    db.session().add(version)
    db.session().flush()  # it is found by its number
    indexing.refresh_method(method, version)
    _record("cases.write_method", method, actor=actor, now=now)
    return version


def _record(verb: str, method: Method, *, actor: Actor, now: datetime) -> None:
    on, detail = ("method", method.id), {"slug": method.slug}
    audit.record(verb, actor=actor, now=now, on=on, unit_id=method.unit_id, detail=detail)
