"""Kinds of notices: the module that tells something registers its words here, in its `setup`.

What is stored are the name of the kind and its values; the words are made when somebody reads them, in the reader's
language, so that a notice of last year speaks English to whoever changes the language today.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, Rule, signed_in


@dataclass(frozen=True, eq=False)
class NoticeKind:
    """A kind of notice. Texts may name values of the notice, as in "%(title)s"."""

    name: str
    #: what the settings call it
    label: LazyString
    #: where it comes from
    origin: LazyString
    title: LazyString
    body: LazyString
    #: code -> why somebody is told, in words; whoever tells chooses one
    reasons: Mapping[str, LazyString] = field(default_factory=dict)
    #: to whom the settings offer it
    rule: Rule = signed_in


#: What is left of a kind whose module is gone.
FORGOTTEN = NoticeKind("", _l("其他消息"), _l("平台"), _l("一条较早的消息"), _l("这类消息已经停用，内容不再提供。"))

_kinds: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    """Add kinds after those registered before; the same one counts once.

    :raise ValueError: another kind has the name already.
    """
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds of notices are named {kind.name}")


def get_kind(name: str) -> NoticeKind:
    """:raise KeyError: no module registered it."""
    return _kinds[name]


def find_kind(name: str) -> NoticeKind:
    """The kind, or one that says that it is gone."""
    return _kinds.get(name, FORGOTTEN)


def all_kinds() -> list[NoticeKind]:
    """In the order of registration."""
    return list(_kinds.values())


def offered_to(actor: Actor) -> list[NoticeKind]:
    """Kinds that this actor may come to be told."""
    return [kind for kind in all_kinds() if kind.rule(actor)]


def fill(text: LazyString, values: Mapping[str, Any]) -> str:
    """`text` in the reader's language, with the values in their places; one that is missing is no reason to fail."""
    words = str(text)
    try:
        return words % values
    except (KeyError, TypeError, ValueError):
        return words
