"""What is done with methods: they are written, and at once read by everyone."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.cases import indexing, plain
from lms.cases.models import Method, MethodVersion
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
    on = ("method", method.id)
    audit.record(
        "cases.write_method", actor=actor, now=now, on=on, unit_id=method.unit_id, detail={"slug": method.slug}
    )
    return version
