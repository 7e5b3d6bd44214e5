"""A lesson's Markdown: its heading, its checkpoint, what it links to, and what is wrong with it, line by line.

Only the shape is read here; `lms.core.markdown` makes the HTML. Lines keep their numbers: what is taken out (heading,
checkpoint, code) is blanked, never removed, until the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.courses import limits, parts
from lms.courses.faults import FaultLog
from lms.courses.lesson_video import VideoSource, take_video
from lms.courses.media import MediaSource
from lms.courses.parts import Part
from lms.courses.prose import Fence, check_callouts, check_html, check_links, fences, without
from lms.quizzes import gift
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.questions import Question


@dataclass(frozen=True, slots=True)
class CheckpointSource:
    """The one question that ends a lesson. `line` is that of its fence."""

    line: int
    question: Question


@dataclass(frozen=True, slots=True)
class LessonSource:
    """One numbered lesson. `text` is Markdown without heading, video and checkpoint, `media` the files it uses."""

    position: int
    slug: str
    path: str
    title: str
    text: str
    checkpoint: CheckpointSource | None
    media: tuple[str, ...]
    video: VideoSource | None = None
    #: what modules above put into the text, each where `parts.mark` stands
    parts: tuple[Part, ...] = ()


def read_lesson(
    position: int, slug: str, path: str, text: str, media: Mapping[str, MediaSource | None], log: FaultLog
) -> LessonSource:
    """Read one lesson. `media` maps each name in the folder to what was found (None: there, but refused)."""
    lines = text.split("\n")
    title = _read_title(lines, log)
    blocks = list(fences(lines, log))
    checkpoint = _read_checkpoint(lines, blocks, log)
    body = without(lines, [fence for fence in blocks if fence.info == "checkpoint"])
    prose = without(body, blocks)
    video = take_video(body, prose, media, checkpoint is not None, log)
    if video is None and not any(line.strip() for line in body):
        log.add("empty_lesson", 1)
    if title:
        _check_headings(prose, log)
    check_callouts(lines, prose, log)
    used = check_links(prose, media, log)
    check_html(prose, log)
    used = tuple(dict.fromkeys((*(video.files if video else ()), *used)))
    taken = _take_parts(body, blocks, log)
    return LessonSource(position, slug, path, title, "\n".join(body).strip("\n") + "\n", checkpoint, used, video, taken)


def _take_parts(body: list[str], blocks: Sequence[Fence], log: FaultLog) -> tuple[Part, ...]:
    """Take the fences of registered kinds out of `body`, each leaving its mark as a paragraph of its own."""
    found: list[Part] = []
    for block in blocks:
        if parts.is_known(block.info):
            part = Part(block.info, block.rest, "\n".join(body[block.first + 1 : block.last]).strip(), block.first + 1)
            parts.check(part, log)
            empty = [""] * (block.last - block.first)
            body[block.first : block.last + 1] = [f"\n{parts.mark(len(found))}\n", *empty]
            found.append(part)
    return tuple(found)


def _read_title(lines: list[str], log: FaultLog) -> str:
    """Take the heading from the first line and blank it."""
    match = re.match(r"^#\s(?P<title>.*)$", lines[0])
    title = match["title"].strip().rstrip("#").rstrip() if match else ""
    if not title:
        log.add("no_heading", 1)
        return ""
    if len(title) > limits.TITLE_CHARS:
        log.add("too_long", 1, key="# ", length=len(title), limit=limits.TITLE_CHARS)
    lines[0] = ""
    return title


def _read_checkpoint(lines: list[str], blocks: Sequence[Fence], log: FaultLog) -> CheckpointSource | None:
    found = [fence for fence in blocks if fence.info == "checkpoint"]
    for extra in found[1:]:
        log.add("second_checkpoint", extra.first + 1, other=found[0].first + 1)
    if not found:
        return None
    fence = found[0]
    if any(line.strip() for line in lines[fence.last + 1 :]) and len(found) == 1:
        log.warn("checkpoint_not_last", fence.first + 1)
    question = _read_question("\n".join(lines[fence.first + 1 : fence.last]), fence.first + 1, log)
    return CheckpointSource(fence.first + 1, question) if question else None


def _read_question(text: str, offset: int, log: FaultLog) -> Question | None:
    """The one question of a checkpoint; GIFT's faults move down by `offset` lines to where they stand in the lesson."""
    try:
        questions = gift.parse(text)
    except gift.GiftFaults as error:
        for fault in error.faults:
            if fault.code == "no_questions":
                log.add("empty_checkpoint", offset)
            else:
                log.add("gift", fault.line + offset, reason=fault)
        return None
    kind = kind_of(questions[0].kind)
    if len(questions) != 1:
        log.add("many_questions", offset, count=len(questions))
    elif not kind.counts:
        log.add("empty_checkpoint", offset)
    elif kind.by_hand:
        log.add("essay_checkpoint", offset)
    else:
        return questions[0]
    return None


def _check_headings(prose: list[str], log: FaultLog) -> None:
    for number, line in enumerate(prose, 1):
        if number > 1 and re.match(r"^ {0,3}#(?!#)\s*\S", line):
            log.add("second_heading", number)
