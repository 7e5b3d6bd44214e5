"""What a parked form says, in words that its author knows: labels for texts, and a count of what was only chosen.

Names of fields and the values behind choices are for machines. Modules above register how their own are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

#: Sent again, but no words of the author's; `based_on.3` counts as `based_on`.
UNSHOWN = frozenset(
    {"token", "next", "sequence", "submit", "device", "page", "then", "based_on", "step", "version", "seen", "position"}
)
LABELS: Mapping[str, LazyString] = MappingProxyType(
    {
        "title": _l("标题"),
        "name": _l("名称"),
        "summary": _l("简介"),
        "body": _l("正文"),
        "text": _l("正文"),
        "answer": _l("回答"),
        "reason": _l("原因"),
        "note": _l("备注"),
        "sentence": _l("补充一句"),
        "comment": _l("评语"),
        "contact": _l("联系方式"),
        "phone": _l("手机号"),
        "last_day": _l("最后一天"),
    }
)
SECRETS: Mapping[str, LazyString] = MappingProxyType({"password": _l("密码"), "id_number": _l("身份证号")})
_CODE = re.compile(r"[A-Za-z0-9_.:-]{0,64}")


@dataclass(frozen=True)
class Said:
    """A part of what was sent: what it is, and its text."""

    label: LazyString | str
    text: str


#: From a field's name and its texts to what they say; None: not one of the module's.
Reader = Callable[[str, Sequence[str]], Said | None]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Say how the fields of a module's forms are read; called in its `setup`."""
    if reader not in _readers:
        _readers.append(reader)


def read(fields: Iterable[Sequence[str]]) -> tuple[list[Said], int]:
    """What the author wrote, and how many things more were chosen."""
    texts: dict[str, list[str]] = {}
    for name, text in fields:
        if text and name.partition(".")[0] not in UNSHOWN:
            texts.setdefault(name, []).append(text)
    said, choices = [], 0
    for name, given in texts.items():
        found = next((one for reader in _readers if (one := reader(name, given))), None)
        if found is not None:
            said.append(found)
        elif name in LABELS:
            said += [Said(LABELS[name], text) for text in given]
        elif all(_CODE.fullmatch(text) for text in given):
            choices += 1
        else:
            said += [Said(_l("填写的内容"), text) for text in given]
    return said, choices


def left_out(names: Iterable[str]) -> list[LazyString]:
    """What has to be given again, each kind once: everything that is no secret of ours is a file."""
    kinds: dict[LazyString, None] = {}
    for name in names:
        secret = next((label for part, label in SECRETS.items() if part in name.lower()), None)
        kinds[secret or (_SECRET if _looks_secret(name) else _FILE)] = None
    return list(kinds)


_FILE, _SECRET = _l("文件"), _l("保密的内容")


def _looks_secret(name: str) -> bool:
    return re.search(r"passw|secret", name, re.IGNORECASE) is not None
