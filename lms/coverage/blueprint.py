"""The blueprint, and what its pages have in common."""

from typing import Any

from flask import Blueprint

from lms.core.errors import BadInput, Denied
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import LARGEST_ID, arg_choice, arg_int, arg_text, current_actor
from lms.coverage import access, changes, duties, frozen, inquiry
from lms.coverage.changes import Changes
from lms.coverage.frozen import Frozen
from lms.coverage.inquiry import Inquiry
from lms.coverage.kinds import Trait
from lms.coverage.names import Group, Selection
from lms.people.posts import PostClass

bp = Blueprint("coverage", __name__, url_prefix="/coverage", template_folder="templates")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def frame(asked: Inquiry) -> dict[str, Any]:
    """What every page of this module shows around its own: the question, the way up and across, names of cycles."""
    ways = access.ways_from(asked.actor, asked.unit)
    return {"asked": asked, "ways": ways, "name_of_cycle": duties.name_of_cycle}


def read_asked() -> Inquiry:
    """The question of the request, where there is something to ask about.

    :raise Denied: no policy is in force here, or the unit is out of reach.
    """
    asked = inquiry.read(current_actor())
    if asked.span is None:
        raise Denied()
    return asked


def read_selection(usual: Group = Group.ALL) -> Selection:
    """Whom the address asks for."""
    post = arg_choice("post", list(PostClass))
    return Selection(
        read_asked(),
        Group(arg_choice("group", list(Group), usual)),
        direct=arg_choice("direct", ["1"]) == "1",
        mine=arg_choice("mine", ["1"]) == "1",
        post=PostClass(post) if post else None,
        trait=_trait(arg_text("trait")),
        words=arg_text("q", 80),
    )


def read_frozen() -> Frozen:
    """Whose frozen names the address asks for.

    :raise Denied: no such act stated anything of the unit.
    """
    asked, post = read_asked(), arg_choice("post", list(PostClass))
    statement, _before = frozen.get_statement(asked, arg_int("closing", 0, 1, LARGEST_ID))
    return Frozen(
        asked,
        statement,
        Group(arg_choice("group", list(Group), Group.ALL)),
        direct=arg_choice("direct", ["1"]) == "1",
        post=PostClass(post) if post else None,
        words=arg_text("q", 80),
    )


def read_changes() -> Changes:
    """What an act changed of the one before it; without an act, what has changed since the last one.

    :raise Denied: there was none.
    """
    return changes.get_changes(read_asked(), arg_int("closing", 0, 1, LARGEST_ID))


def _trait(text: str) -> tuple[Trait, str] | None:
    """`tier.county` of an address."""
    kind, _dot, value = text.partition(".")
    if not text:
        return None
    if kind not in list(Trait) or value not in Trait(kind).values:
        raise BadInput(_l("地址中的 %(name)s 不是可选的值。", name="trait"))
    return Trait(kind), value
