"""What a draft still lacks, and what in it may tell who a resident is: asked before it is handed in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lms.cases import limits
from lms.cases.author_models import CaseAuthor
from lms.cases.kinds import Section
from lms.core.i18n import lazy_gettext as _l
from lms.drafts import fields, identifying
from lms.drafts.identifying import Finding
from lms.drafts.models import CaseDraft

_MONTH = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
_PICTURE = re.compile(r"\]\(files/([^)\s\"]+)")

FIELD_LABELS = {
    "title": _l("标题"),
    "summary": _l("摘要"),
    "abilities": _l("能力"),
    "themes": _l("主题"),
    "community_kind": _l("社区类型"),
    "region": _l("地区"),
    "place": _l("社区或单位"),
    "began": _l("开始的时间"),
    "ended": _l("结束的时间"),
    "authors": _l("作者"),
    "methods": _l("用到的工作法"),
    "evidence": _l("佐证"),
    **{section.value: section.label for section in Section},
}


@dataclass(frozen=True)
class Lack:
    """Something to mend, with the field to go to. What does not `stop` is a reminder."""

    field: str
    message: Any
    stops: bool = True


@dataclass(frozen=True)
class Place:
    """A finding with the field it stands in, and the words around it."""

    field: str
    finding: Finding
    before: str
    after: str
    #: start and end as a browser counts them: a rare character or an emoji is two of its units
    at: str

    @property
    def label(self) -> Any:
        return FIELD_LABELS[self.field]


def lacks_of(
    draft: CaseDraft, pictures: Sequence[str], authors: Sequence[CaseAuthor], withdrawn: Sequence[str] = ()
) -> list[Lack]:
    """What is missing or wrong, in the order of the page.

    :param pictures: the names of the draft's files.
    :param authors: whom its next version will name.
    :param withdrawn: the names of those of its methods that were withdrawn.
    """
    lacks = [
        Lack(name, _l("还没有写。"))
        for name in ("title", "summary", *fields.SECTIONS, "community_kind", "region", "place", "began")
        if not getattr(draft, name).strip()
    ]
    lacks += [Lack(name, _l("请至少选一项。")) for name in ("abilities", "themes") if not getattr(draft, name)]
    lacks += list(_wrong_times(draft))
    lacks += list(_unsettled(authors))
    lacks += [
        Lack("methods", _l("“%(name)s”已经撤回，请看还该不该写它。", name=name), stops=False) for name in withdrawn
    ]
    count = fields.count(fields.read(draft))
    if count > limits.LONGEST:
        lacks.append(
            Lack(
                "background", _l("四部分合起来有 %(count)s 字，最多 %(limit)s 字。", count=count, limit=limits.LONGEST)
            )
        )
    elif count > limits.ADVISED:
        sentence = _l("四部分合起来有 %(count)s 字，征集一般要求 %(limit)s 字以内。", count=count, limit=limits.ADVISED)
        lacks.append(Lack("background", sentence, stops=False))
    for name in fields.SECTIONS:
        gone = [picture for picture in _PICTURE.findall(getattr(draft, name)) if picture not in pictures]
        lacks += [Lack(name, _l("文中的图片“%(name)s”没有上传。", name=picture[:60])) for picture in gone]
    return lacks


def find_places(draft: CaseDraft) -> list[Place]:
    """Everything that may identify a resident, field by field."""
    places: list[Place] = []
    for name in fields.TEXTS:
        text: str = getattr(draft, name)
        for found in identifying.find(text):
            around = text[max(0, found.start - 18) : found.start], text[found.end : found.end + 18]
            at = f"{_units(text[: found.start])}-{_units(text[: found.end])}"
            places.append(Place(name, found, around[0].rpartition("\n")[2], around[1].partition("\n")[0], at))
    return places


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def used_pictures(draft: CaseDraft) -> set[str]:
    """The names of files that the text refers to."""
    return {name for section in fields.SECTIONS for name in _PICTURE.findall(getattr(draft, section))}


def _unsettled(authors: Sequence[CaseAuthor]) -> Iterator[Lack]:
    if not authors:
        yield Lack("authors", _l("还没有写。"))
    silent = [author.printed for author in authors if author.person_id is not None and author.agreed_at is None]
    if silent:
        names = "、".join(silent)
        yield Lack("authors", _l("还没有答复是否署名：%(names)s。可以先提交，会印上姓名。", names=names), stops=False)


def _wrong_times(draft: CaseDraft) -> list[Lack]:
    wrong = [
        Lack(name, _l("请写成 2023-03 或 2023。"))
        for name in ("began", "ended")
        if getattr(draft, name) and not _MONTH.fullmatch(getattr(draft, name))
    ]
    began, ended = draft.began, draft.ended
    if not wrong and began and ended and ended[: len(began)] < began[: len(ended)]:
        wrong.append(Lack("ended", _l("结束的时间早于开始的时间。")))
    return wrong
