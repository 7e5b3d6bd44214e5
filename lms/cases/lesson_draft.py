"""From a case to the folder of a course with one lesson: sound as it is, for a trainer to go on writing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from lms.cases.kinds import Section
from lms.cases.models import Case, CaseVersion
from lms.cases.plain import text_of
from lms.hours.kinds import Ability, Tier

#: A zip keeps dates; one that never changes lets the same case give the same bytes.
_DATE = (2026, 1, 1, 0, 0, 0)
_WRONG_ONES = 3


def questions_of(version: CaseVersion) -> list[str]:
    """What the case itself leaves to discuss: the lines of its last section that ask."""
    lines = text_of(version.html[Section.DISCUSSION.value]).split("\n")
    asking = [line for line in lines if line.endswith(("？", "?"))]
    return asking or [line for line in lines if line][:3]


def folder_name(case: Case) -> str:
    return f"anli-{case.slug}"[:60].rstrip("-")


def files_of(case: Case, version: CaseVersion, tier: Tier, author: str) -> dict[str, str]:
    """The files of the folder by name; the format is described in courses/README.md."""
    return {
        "course.toml": _facts(version, tier, author),
        "01-anli.md": lesson(case, version),
        "quiz.gift": _quiz(version),
    }


def lesson(case: Case, version: CaseVersion) -> str:
    """The text of the lesson, pinned to the version."""
    questions = "\n".join(f"- {question}" for question in questions_of(version))
    return (
        f"# {version.title}\n\n先读案例，边读边想：换成您，会怎样做？读完以后分组讨论下面的问题。\n\n"
        f"```case {case.slug}@{version.number}\n{questions}\n```\n"
    )


def zipped(case: Case, files: dict[str, str]) -> bytes:
    """The folder as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(f"{folder_name(case)}/{name}", _DATE), text.encode())
    return packed.getvalue()


def _facts(version: CaseVersion, tier: Tier, author: str) -> str:
    abilities = ", ".join(_quoted(ability) for ability in version.abilities)
    return "\n".join(
        [
            f"title = {_quoted(('案例课：' + version.title)[:60])}",
            f"summary = {_quoted(version.summary)}",
            f'tier = "{tier.value}"                # 课程放在哪一级，文件夹就放在 courses 的哪一级里',
            'training_type = "in_service"',
            f"abilities = [{abilities}]",
            'hours = "0.50"',
            f"audience = {_quoted('想学这个做法的社区工作者')}",
            f"authors = [{_quoted(author[:60] or '培训师')}]",
            "",
            "[quiz]",
            "pass_percent = 80",
            "wait_hours = 0",
            "",
            "[[quiz.draw]]",
            'category = "案例"',
            "count = 1",
            "",
        ]
    )


def _quiz(version: CaseVersion) -> str:
    leading = Ability(version.abilities[0])
    wrong = [ability for ability in Ability if ability.value not in version.abilities][:_WRONG_ONES]
    lines = [f"={_gift(str(leading.label))}", *(f"~{_gift(str(ability.label))}" for ability in wrong)]
    return "\n".join(
        [
            "// 这里只有一道题，请再写几道考判断的题，并改 course.toml 里抽几道。",
            "$CATEGORY: 案例",
            "",
            f"::练什么:: “{_gift(version.title)}”主要练的是哪一种能力？ {{",
            *lines,
            "}",
            "",
        ]
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _gift(text: str) -> str:
    """Text in which GIFT finds nothing of its own."""
    return "".join(f"\\{char}" if char in "~=#{}:\\" else char for char in text)


def tier_for(levels: Sequence[str]) -> Tier:
    """The tier of the highest unit that a trainer trains for; a street's where that is a community."""
    values = [tier.value for tier in Tier]
    known = [level for level in levels if level in values]
    return Tier(min(known, key=values.index)) if known else Tier.STREET
