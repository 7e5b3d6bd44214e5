"""What a document is called: by the lesson that hands it out, and by itself."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

_TAG = re.compile(r"<[^>]+>")
_HEADING = re.compile(r"<h\d[^>]*>(.*?)</h\d>", re.DOTALL)


def name_in_lesson(html: str, name: str) -> str:
    """The words of the lesson's link to a file; the file's name without its ending where there is none.

    File names are for those who write courses; the words of the link are for those who read them.
    """
    link = re.compile(rf'<a\b[^>]*href="[^"]*/{re.escape(quote(name))}\?[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
    found = link.search(html)
    return (_words(found.group(1)) if found else "") or name.rpartition(".")[0]


def name_of_page(html: str, name: str) -> str:
    """The first heading of a readable document; its file's name without the ending where there is none."""
    found = _HEADING.search(html)
    return (_words(found.group(1)) if found else "") or name.rpartition(".")[0]


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())
