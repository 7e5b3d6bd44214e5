"""Markdown to safe HTML: rendered once, when saved, in a child process that may use only so much.

Ten thousand opening brackets take Python-Markdown sixteen seconds; here they are refused within one.
"""

from collections.abc import Sequence

from lms.core import limited
from lms.core.errors import BadInput
from lms.core.i18n import lazy_gettext as _l
from lms.core.markdown_child import convert

LONGEST = 100_000  # characters of one text
#: Seconds of processor time granted to a text; a long lesson takes 0.04. A busy machine gets WAIT times as long.
PATIENCE = 0.8
WAIT = 10
MEMORY = 512  # megabytes


def render(text: str) -> str:
    """The text as HTML that is safe to put into a page.

    :raise BadInput: it is longer than LONGEST, or nested so that rendering takes too long.
    """
    return render_all([text])[0]


def render_all(texts: Sequence[str]) -> list[str]:
    """Render several texts in one child, as a course is loaded; the limits grow with their number.

    :raise BadInput: one of them is too long, or they take too long.
    """
    if any(len(text) > LONGEST for text in texts):
        raise BadInput(_l("文字超过 %(limit)s 字。", limit=LONGEST))
    if not texts:
        return []
    seconds = PATIENCE + 0.1 * (len(texts) - 1)
    try:
        html: list[str] = limited.run(
            convert, list(texts), seconds=seconds * WAIT, cpu_seconds=seconds, megabytes=MEMORY
        )
    except (limited.LimitExceeded, limited.ChildFailed) as error:
        raise BadInput(_l("这段文字的格式嵌套过深，无法排版。请检查括号、引用和列表。")) from error
    return html
