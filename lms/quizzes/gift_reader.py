"""Reads Moodle's GIFT format: text in, questions or faults with their lines out."""

from __future__ import annotations

import re

from lms.quizzes.gift_answers import FORMAT, MAX_TEXT, feedback_of, read_body
from lms.quizzes.gift_blocks import Block, BlockReader, Part, decode, even_lines, marks, unescape
from lms.quizzes.gift_faults import GiftFault, GiftFaults, OneFault
from lms.quizzes.kinds.description import Description
from lms.quizzes.questions import Body, Question, Rich, TextFormat

MAX_QUESTIONS = 5_000
MAX_FAULTS = 200
MAX_TITLE = 255

_OTHER_FORMATS = {
    "XML": re.compile(r"\A\s*(<(?:\?xml|!DOCTYPE|quiz|questestinterop|assessment))", re.IGNORECASE),
    "Aiken": re.compile(r"^(ANSWER:)[ \t]*[A-Z][ \t]*$", re.MULTILINE),
}
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_TITLE_END = re.compile(r"\\.|::", re.DOTALL)
_GENERAL = re.compile(r"\\.|####", re.DOTALL)


def read(data: bytes) -> list[Question]:
    """Return the questions of a file.

    :raise GiftFaults: it is not UTF-8, or ``parse`` refuses it.
    """
    return parse(decode(data))


def parse(text: str) -> list[Question]:
    """Return the questions of a text, in its order.

    :raise GiftFaults: every fault found, sorted by line; no question is returned then.
    """
    text = even_lines(text)
    _refuse_other_formats(text)
    reader = BlockReader()
    reader.read(text)
    faults, questions = list(reader.faults), []
    if len(reader.blocks) > MAX_QUESTIONS:
        fault = GiftFault(reader.blocks[MAX_QUESTIONS].numbers[0], "too_many_questions", {"limit": MAX_QUESTIONS})
        raise GiftFaults([fault])
    for block in reader.blocks:
        try:
            questions.append(_question(block))
        except OneFault as error:
            faults.append(error.fault)
    if not questions and not faults:
        faults.append(GiftFault(1, "no_questions"))
    if faults:
        raise GiftFaults(sorted(faults, key=lambda f: f.line)[:MAX_FAULTS])
    return questions


def _refuse_other_formats(text: str) -> None:
    """Without braces every text is a fine description: a file of another program would pass, and ask nothing."""
    for name, sign in _OTHER_FORMATS.items():
        found = sign.search(text)
        if found:
            raise GiftFaults([GiftFault(text.count("\n", 0, found.start(1)) + 1, "other_format", {"format": name})])


def _question(block: Block) -> Question:
    """Return the question of one block.

    :raise OneFault: the first thing wrong with it.
    """
    whole = block.whole()
    title, rest = _title(whole)
    before, answers, after = _braces(rest)
    stripped = before.text.lstrip()
    found = FORMAT.match(stripped)
    base = TextFormat(found[1]) if found else TextFormat.MOODLE
    stem = Rich(_text(before, stripped[found.end() :] if found else stripped), base)
    behind = _text(after, after.text) if after else ""
    if not stem.text and not behind:
        raise whole.fault("no_text")
    body: Body = Description()
    general = None
    if answers is not None:
        answers, said = _general_feedback(answers)
        general = feedback_of(said, base)
        body = read_body(answers, base)
    return Question(
        stem=stem,
        body=body,
        title=title,
        category=block.category,
        after=behind,
        general_feedback=general,
        reference=block.reference,
        tags=tuple(block.tags),
        line=whole.line,
    )


def _text(part: Part, raw: str) -> str:
    text = unescape(raw)
    if len(text) > MAX_TEXT:
        raise part.fault("text_too_long", limit=MAX_TEXT)
    return text


def _title(whole: Part) -> tuple[str, Part]:
    """Return the title and what stands behind it."""
    start = len(whole.text) - len(whole.text.lstrip())
    if whole.text.startswith("：：", start):
        raise whole.fault("fullwidth_title")
    if not whole.text.startswith("::", start):
        return "", whole
    inside = whole.cut(start + 2)
    end = next((m.start() for m in marks(inside.text, _TITLE_END)), None)
    if end is None:
        raise whole.fault("title_open")
    title = " ".join(unescape(inside.text[:end]).split())
    if len(title) > MAX_TITLE:
        raise whole.fault("title_too_long", limit=MAX_TITLE)
    return title, inside.cut(end + 2)


def _braces(part: Part) -> tuple[Part, Part | None, Part | None]:
    """Return what stands before, between and behind the braces; None where there are none."""
    braces = list(marks(part.text, _BRACE))
    if not braces:
        wide = part.text.find("｛")
        if 0 <= wide < part.text.find("｝"):
            raise OneFault(part.line_at(wide), "fullwidth_brace", text="｛")
        return part, None, None
    first = braces[0]
    if first[0] == "}":
        wide = part.text.find("｛", 0, first.start())
        if wide >= 0:
            raise OneFault(part.line_at(wide), "fullwidth_brace", text="｛")
        raise OneFault(part.line_at(first.start()), "brace_not_opened")
    if len(braces) == 1:
        wide = part.text.find("｝", first.end())
        if wide >= 0:
            raise OneFault(part.line_at(wide), "fullwidth_brace", text="｝")
        raise OneFault(part.line_at(first.start()), "brace_not_closed")
    second = braces[1]
    if second[0] == "{":
        raise OneFault(part.line_at(second.start()), "brace_nested")
    if len(braces) > 2:
        raise OneFault(part.line_at(braces[2].start()), "second_answer_block")
    between = part.cut(first.end(), second.start())
    return part.cut(0, first.start()), between, part.cut(second.end())


def _general_feedback(answers: Part) -> tuple[Part, Part | None]:
    """Cut the general feedback off the answers."""
    found = list(marks(answers.text, _GENERAL))
    if not found:
        return answers, None
    if len(found) > 1:
        line = answers.line_at(found[1].start())
        raise OneFault(line, "second_general_feedback")
    return answers.cut(0, found[0].start()), answers.cut(found[0].end())
