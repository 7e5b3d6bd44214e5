"""Cells to plain values: text, phone numbers, gender, posts, whether somebody is on duty. Pure."""

import re
import unicodedata
from datetime import date, datetime

from lms.core.spreadsheets import Cell
from lms.people.models import Gender
from lms.people.posts import PostClass
from lms.roster.findings import Code, Reading

#: A float holds whole numbers exactly below this; beyond it digits are lost (IEEE 754, 53 bits).
EXACT = 10**15

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
PHONE_MARKS = re.compile(r"[\s\-—–()+']")

YES = frozenset({"是", "在岗", "在职", "在", "√", "y", "yes", "1", "true"})
NO = frozenset(
    {"否", "不在岗", "离岗", "离职", "已离职", "已离岗", "退休", "调离", "辞职", "×", "n", "no", "0", "false"}
)


def text_of(cell: Cell) -> str:
    """The cell as text: NFC, trimmed, without invisible signs; 9.0 is 9, a date is 1990-05-01."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = CONTROL.sub("", INVISIBLE.sub("", unicodedata.normalize("NFC", str(cell))))
    return text.strip()


def folded(cell: Cell) -> str:
    """Text with full-width letters and digits made half-width: for numbers, never for names."""
    return unicodedata.normalize("NFKC", text_of(cell)).strip()


def squeezed(text: str) -> str:
    """For comparing names of places and headers: folded, without any space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def read_short(cell: Cell, most: int) -> Reading[str | None]:
    """Free text of at most `most` characters; None for an empty cell."""
    text = re.sub(r"\s+", " ", text_of(cell))
    if len(text) > most:
        return Reading(text[:most], ((Code.TOO_LONG, {"most": most}),))
    return Reading(text or None)


def read_phone(cell: Cell) -> Reading[str | None]:
    """A mobile number of 11 digits, as typed, as a number, with hyphens or with +86."""
    written = text_of(cell)
    if not written:
        return Reading(None, ((Code.PHONE_MISSING, {}),))
    digits = PHONE_MARKS.sub("", folded(cell))
    if len(digits) in (13, 15):
        digits = re.sub(r"^(?:00)?86", "", digits)
    if not MOBILE.fullmatch(digits):
        return Reading(None, ((Code.PHONE_INVALID, {"text": written[:30]}),))
    if digits != written or isinstance(cell, float):
        return Reading(digits, ((Code.PHONE_FOLDED, {}),))
    return Reading(digits)


def read_gender(cell: Cell) -> Reading[Gender | None]:
    text = squeezed(text_of(cell)).removesuffix("性")
    if text in ("男", "女"):
        return Reading(Gender.MALE if text == "男" else Gender.FEMALE)
    return Reading(None, ((Code.GENDER_UNREADABLE, {"text": text[:20]}),) if text else ())


def read_duty(cell: Cell) -> Reading[bool]:
    """Whether somebody is on duty; an empty cell says yes."""
    text = squeezed(text_of(cell)).lower()
    if text in NO:
        return Reading(False)
    if not text or text in YES:
        return Reading(True)
    return Reading(True, ((Code.DUTY_UNREADABLE, {"text": text[:20]}),))


def read_post(cell: Cell) -> Reading[PostClass | None]:
    """The class of a post by its words. Deputies are not heads: 副主任 is a member, 副书记 is another post."""
    text = squeezed(text_of(cell))
    if not text:
        return Reading(None, ((Code.POST_MISSING, {}),))
    found = _post_of(text)
    return Reading(found or PostClass.OTHER, () if found else ((Code.POST_UNKNOWN, {"text": text[:40]}),))


def _post_of(text: str) -> PostClass | None:
    heads = text.replace("副书记", "").replace("副主任", "委员")
    secretary, director = "书记" in heads, "主任" in heads
    if "一肩挑" in text or (secretary and director):
        return PostClass.SECRETARY_AND_DIRECTOR
    if secretary:
        return PostClass.PARTY_SECRETARY
    if director:
        return PostClass.COMMITTEE_DIRECTOR
    if "副书记" in text:
        return None
    for words, post in (
        (("网格",), PostClass.GRID_WORKER),
        (("委员",), PostClass.COMMITTEE_MEMBER),
        (("专职", "社工", "工作人员", "社区工作者", "专干"), PostClass.FULL_TIME_STAFF),
    ):
        if any(word in heads for word in words):
            return post
    return None
