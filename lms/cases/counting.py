"""How many characters (字) a text has, as the 3,000 of calls are counted. Pure; static/js/markdown-tools.js agrees."""

from __future__ import annotations

import re

#: Where pictures and links lead, and the lines below the heads of tables: nobody reads them.
_UNREAD = re.compile(r"\]\([^)\s]*|^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$", re.MULTILINE)
#: Spaces, and the marks that make headings, lists, bold words, tables and pictures.
_MARKS = re.compile(r"\s|[#*`|>\[\]]|!(?=\[)")


def count(markdown: str) -> int:
    """Characters that are read, with their punctuation; neither spaces nor Markdown's marks."""
    return len(_MARKS.sub("", _UNREAD.sub("", markdown)))
