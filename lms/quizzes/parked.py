"""How the answers of a quiz are named where they wait for their author to sign in again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.accounts.parked_words import Said
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext

_FIELD = re.compile(r"q(\d{1,4})(?:\.[0-9a-f]{12})?")
_OPTION = re.compile(r"[0-9a-f]{12}")


def read(name: str, texts: Sequence[str]) -> Said | None:
    """An answer by the number of its question: typed words as they are; options have no names here, and are counted."""
    field = _FIELD.fullmatch(name)
    if field is None:
        return None
    label = _("第 %(number)s 题的回答", number=int(field[1]))
    if all(_OPTION.fullmatch(text) for text in texts):
        return Said(label, ngettext("选了 %(num)s 项", "选了 %(num)s 项", len(texts)))
    return Said(label, "\n".join(texts))
