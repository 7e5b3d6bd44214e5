"""What in a text may tell who a resident is: numbers, plates, doors, and full names beside ages or illnesses. Pure.

Numbers are told from other numbers by their form, and identity numbers by their check digit; a name is one only where
it stands beside an age or an illness, for elsewhere a name may be an author's or a street's.

Sources: GB 11643-1999 and ISO 7064 MOD 11-2 (identity numbers); GA 36-2018 (plates); the numbering plan of telephones
in China. Words and surnames are data: names.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.people.identity import check_digit

_DATA = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
HIDDEN = "×"


class Kind(StrEnum):
    """What a finding is."""

    IDENTITY = "identity"
    CARD = "card"
    PHONE = "phone"
    PLATE = "plate"
    DOOR = "door"
    NAME = "name"

    @property
    def label(self) -> LazyString:
        return LABELS[self]

    @property
    def is_certain(self) -> bool:
        """Whether no ordinary text looks like this: then a case is not handed in with it."""
        return self is Kind.IDENTITY


LABELS = {
    Kind.IDENTITY: _l("身份证号"),
    Kind.CARD: _l("银行卡号"),
    Kind.PHONE: _l("电话号码"),
    Kind.PLATE: _l("车牌号"),
    Kind.DOOR: _l("楼栋门牌"),
    Kind.NAME: _l("姓名和年龄、病情写在一起"),
}


@dataclass(frozen=True)
class Finding:
    """A place in a text: `text[start:end]` may identify somebody; `mask` may stand for it."""

    kind: Kind
    start: int
    end: int
    text: str
    mask: str

    @property
    def key(self) -> str:
        """Names the finding in a form without repeating what it found."""
        return sha256(f"{self.kind}\0{self.text}".encode()).hexdigest()[:16]


_D = r"[0-9０-９]"
_GAP = r"[ \u3000\-－—]?"
_IDENTITY = re.compile(rf"(?<!{_D})(?:{_D}{_GAP}){{17}}[0-9０-９XxＸｘ](?![0-9０-９A-Za-z])")
_OLD_IDENTITY = re.compile(rf"(?<!{_D}){_D}{{15}}(?!{_D})")
#: Numbers of bank cards begin with 62 (GB/T 20547, ISO/IEC 7812), 4 or 5, and end with a check digit.
_CARD = re.compile(rf"(?<!{_D})(?:62|[45]{_D}){_D}{{2}}{_GAP}(?:{_D}{{4}}{_GAP}){{2,3}}{_D}{{1,4}}(?![0-9０-９A-Za-z])")
_MOBILE = re.compile(
    rf"(?<![0-9０-９.．])(?:(?:\+|00)?86{_GAP})?[1１][3-9３-９]{_D}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}(?![0-9０-９])"
)
_FIXED = re.compile(rf"(?<!{_D})[（(]?[0０]{_D}{{2,3}}[)）]?{_GAP}[2-8２-８]{_D}{{6,7}}(?!{_D})")
_LOCAL = re.compile(rf"(?<=电话|座机|热线|号码)[：:是为 ]{{0,3}}(?P<number>[2-8]{_D}{{6,7}})(?!{_D})")
_PLATE = re.compile(
    rf"[{_DATA['plates']}][A-HJ-NP-Z][ ·•・．.]?(?=[A-Z0-9]*[0-9])"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
_N = r"(?:[0-9０-９]{1,4}|[一二三四五六七八九十]{1,3})"
_ROOM = r"[0-9０-９]{3,4}"
_DOOR = re.compile(
    rf"{_N}(?:号楼|栋|幢|座|号院|号)(?:[东西南北]?{_N}?(?:单元|门|梯))?{_GAP}{_ROOM}(?:室|号房|房|户|号)?(?![0-9０-９年元平米个月天次人条件部])"
    rf"|{_N}(?:号楼|栋|幢|座)[东西南北]?{_N}(?:单元|门|梯)(?:{_N}(?:楼|层))?[东西南北中]?(?:户|室)?"
    rf"|(?<![0-9０-９A-Za-z])[A-Za-z]?{_ROOM}(?:室|号房)"
    rf"|(?<![0-9０-９])[0-9０-９]{{1,2}}-[0-9０-９]{{1,2}}-[0-9０-９]{{3,4}}(?![0-9０-９-])"
)
_SINGLE = re.sub(r"\s", "", _DATA["single"])
_HAN = r"[\u4e00-\u9fff]"
_NAME = rf"(?:(?:{'|'.join(_DATA['compound'])}){_HAN}{{1,2}}|[{_SINGLE}]{_HAN}{{1,2}})"
_BETWEEN = "(?:" + "|".join(_DATA["between"]) + ")"
_AGE = r"(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})[ ]?(?:多|来|余)?(?:周?岁|(?:个)?月大)"
_ILL = "(?:" + "|".join(_DATA["illnesses"]) + ")"
_ROLE = "|".join(f"(?<={role})" for role in _DATA["roles"])
_LEFT = rf"(?:(?<!{_HAN})|{_ROLE}|(?<=[的叫是名为和与、对找到访给让请]))"
_NAME_AND_AGE = re.compile(
    rf"{_LEFT}(?P<name>{_NAME}){_BETWEEN}?[，,、（( ：:]{{0,2}}(?:[男女][，,、 ]{{0,2}})?{_BETWEEN}{{0,2}}{_AGE}"
)
_AGE_AND_NAME = re.compile(
    rf"{_AGE}的?(?:居民|老人|住户|业主|独居老人|学生|孩子|党员|女孩|男孩|小伙|姑娘)(?P<name>{_NAME})(?={_BETWEEN}|[^\u4e00-\u9fff]|$|家|在|因|患|住|是|有|和|与|说|被|的|一)"
)
_NAME_AND_ILLNESS = re.compile(
    rf"{_LEFT}(?P<name>{_NAME}){_BETWEEN}?[，,（( ]?(?:因|因为|曾|一直|长期|今年|去年|前年|被|多年|不幸){{0,2}}"
    rf"(?:患有?|得了|得|确诊|诊断|查出|检查出|突发|有|是|身患|罹患|因)[^。；;！？\n，,]{{0,10}}?{_ILL}"
)
_NAME_BY_ILLNESS = re.compile(rf"{_LEFT}(?P<name>{_NAME})[，,、]?[（( ]?[^。；;！？\n，,、]{{0,4}}?{_ILL}")
_TITLES = tuple(_DATA["titles"])
_WORDS = tuple(_DATA["words"])


def find(text: str) -> list[Finding]:
    """Everything that may identify a resident, in its order; what lies within another finding is not told twice."""
    found: list[Finding] = []
    for one in sorted(_all(text), key=lambda finding: (finding.start, -finding.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def masked(text: str, findings: Mapping[str, str]) -> str:
    """The text with each of `findings` (what was found: its mask) hidden wherever it stands, the longest first."""
    for words in sorted(findings, key=len, reverse=True):
        text = text.replace(words, findings[words])
    return text


def _all(text: str) -> Iterator[Finding]:
    yield from _identity_numbers(text)
    for match in _CARD.finditer(text):
        if _has_luhn_digit(_plain(match[0])):
            yield _made(Kind.CARD, match, _digits_hidden(match[0], kept=0))
    for pattern in (_MOBILE, _FIXED):
        for match in pattern.finditer(text):
            yield _made(Kind.PHONE, match, _digits_hidden(match[0], kept=1))
    for match in _LOCAL.finditer(text):
        number = match["number"]
        yield Finding(Kind.PHONE, match.start("number"), match.end("number"), number, _digits_hidden(number, kept=1))
    for match in _PLATE.finditer(text):
        yield _made(Kind.PLATE, match, match[0][:2] + HIDDEN * (len(match[0]) - 2))
    for match in _DOOR.finditer(text):
        yield _made(Kind.DOOR, match, _numbers_hidden(match[0]))
    for pattern in (_NAME_AND_AGE, _AGE_AND_NAME, _NAME_AND_ILLNESS, _NAME_BY_ILLNESS):
        for match in pattern.finditer(text):
            name = _as_name(match["name"])
            if name:
                start = match.start("name")
                yield Finding(Kind.NAME, start, start + len(name), name, f"{_surname(name)}某")


def _made(kind: Kind, match: re.Match[str], mask: str) -> Finding:
    return Finding(kind, match.start(), match.end(), match[0], mask)


def _identity_numbers(text: str) -> Iterator[Finding]:
    for match in _IDENTITY.finditer(text):
        number = _plain(match[0]).upper()
        if _is_day(number[6:14]) and check_digit(number[:17]) == number[17]:
            yield _made(Kind.IDENTITY, match, HIDDEN * 18)
    for match in _OLD_IDENTITY.finditer(text):
        if _is_day("19" + _plain(match[0])[6:12]) and _plain(match[0])[0] in "12345678":
            yield _made(Kind.IDENTITY, match, HIDDEN * 15)


def _has_luhn_digit(digits: str) -> bool:
    """ISO/IEC 7812-1: every second digit from the right doubled, the sum of all digits ends in 0."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return 16 <= len(digits) <= 19 and sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _plain(text: str) -> str:
    """Digits as digits, without gaps."""
    folded = text.translate({0xFF10 + n: str(n) for n in range(10)} | {0xFF38: "X", 0xFF58: "X"})
    return re.sub(r"[^0-9Xx]", "", folded)


def _is_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) >= date(1900, 1, 1)
    except ValueError:
        return False


def _digits_hidden(text: str, kept: int) -> str:
    """1××××××××××: the first digits stay, so that readers know what stood there."""
    seen = 0
    out = []
    for char in text:
        seen += char.isdigit()
        out.append(HIDDEN if char.isdigit() and seen > kept else char)
    return "".join(out)


def _numbers_hidden(text: str) -> str:
    """×号楼×单元××室."""
    return re.sub(
        r"[0-9０-９A-Za-z]",
        HIDDEN,
        re.sub(r"[一二三四五六七八九十]{1,3}(?=号|栋|幢|座|单元|门|梯|楼|层)", HIDDEN, text),
    )


def _as_name(caught: str) -> str:
    """The full name in what looked like one, or nothing: 王阿姨 is no full name, 高龄老 is none at all."""
    surname = _surname(caught)
    given = caught[len(surname) :]
    if any(given.startswith(title) for title in _TITLES) or HIDDEN in caught:
        return ""
    if any(caught.startswith(word) for word in _WORDS):
        return ""
    if len(given) == 2 and given[1] in "今现时已刚年患得因有男女曾被是在住说家和":
        given = given[0]  # 李桂今(年): the second character belongs to what follows
    return surname + given


def _surname(name: str) -> str:
    return name[:2] if name[:2] in _DATA["compound"] else name[:1]
