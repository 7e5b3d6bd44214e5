"""A lesson's Markdown: its heading, its checkpoint, what it links to, and what is wrong with it, line by line.

Only the shape is read here; `lms.core.markdown` makes the HTML. Lines keep their numbers: what is taken out (heading,
checkpoint, code) is blanked, never removed, until the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lms.courses import limits
from lms.courses.faults import FaultLog
from lms.courses.lesson_video import VideoSource, take_video
from lms.courses.media import MediaKind, MediaSource
from lms.quizzes import gift
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.questions import Question

CALLOUTS = ("note", "tip", "warning", "scene", "steps", "form")
MEDIA = "media/"

_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})\s*(?P<info>[\w-]*)")
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_CALLOUT = re.compile(r'^(?P<indent> *)!!!\s*(?P<kind>[^\s"]*)')
_INLINE_LINK = re.compile(
    r"(?P<image>!?)\[(?P<label>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*<?(?P<target>[^\s)>]*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:\s*<?(?P<target>[^\s>]+)")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^\s<>]+>")
_TAG = re.compile(r"</?[A-Za-z][^\n>]{0,200}>?|<!--|<![A-Za-z\[]|<\?")
_WEB_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


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


@dataclass(frozen=True, slots=True)
class _Fence:
    info: str
    first: int  # the index of the opening line
    last: int  # the index of the closing line


def read_lesson(
    position: int, slug: str, path: str, text: str, media: Mapping[str, MediaSource | None], log: FaultLog
) -> LessonSource:
    """Read one lesson. `media` maps each name in the folder to what was found (None: there, but refused)."""
    lines = text.split("\n")
    title = _read_title(lines, log)
    fences = list(_fences(lines, log))
    checkpoint = _read_checkpoint(lines, fences, log)
    body = _without(lines, [fence for fence in fences if fence.info == "checkpoint"])
    prose = _without(body, fences)
    video = take_video(body, prose, media, checkpoint is not None, log)
    if video is None and not any(line.strip() for line in body):
        log.add("empty_lesson", 1)
    if title:
        _check_headings(prose, log)
    _check_callouts(lines, prose, log)
    used = _check_links(prose, media, log)
    _check_html(prose, log)
    used = tuple(dict.fromkeys((*(video.files if video else ()), *used)))
    return LessonSource(position, slug, path, title, "\n".join(body).strip("\n") + "\n", checkpoint, used, video)


def _read_title(lines: list[str], log: FaultLog) -> str:
    """Take the heading from the first line and blank it."""
    match = re.match(r"^#\s+(?P<title>.*?)\s*#*\s*$", lines[0])
    if not match or not match["title"]:
        log.add("no_heading", 1)
        return ""
    if len(match["title"]) > limits.TITLE_CHARS:
        log.add("too_long", 1, key="# ", length=len(match["title"]), limit=limits.TITLE_CHARS)
    lines[0] = ""
    return match["title"]


def _fences(lines: list[str], log: FaultLog) -> Iterator[_Fence]:
    """The fenced blocks from top to bottom; one that never closes is a fault and ends the reading."""
    index = 0
    while index < len(lines):
        opening = _FENCE.match(lines[index])
        if opening:
            closing = re.compile(rf"^ {{0,3}}{re.escape(opening['mark'][0])}{{{len(opening['mark'])},}}\s*$")
            last = next((i for i in range(index + 1, len(lines)) if closing.match(lines[i])), None)
            if last is None:
                log.add("open_fence", index + 1)
                return
            yield _Fence(opening["info"], index, last)
            index = last
        index += 1


def _without(lines: list[str], fences: list[_Fence]) -> list[str]:
    """The lines with the fenced blocks blanked."""
    kept = list(lines)
    for fence in fences:
        kept[fence.first : fence.last + 1] = [""] * (fence.last + 1 - fence.first)
    return kept


def _read_checkpoint(lines: list[str], fences: list[_Fence], log: FaultLog) -> CheckpointSource | None:
    found = [fence for fence in fences if fence.info == "checkpoint"]
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


def _check_callouts(lines: list[str], prose: list[str], log: FaultLog) -> None:
    for number, line in enumerate(prose, 1):
        match = _CALLOUT.match(line)
        if not match:
            continue
        if match["kind"] not in CALLOUTS:
            log.add("unknown_callout", number, kind=match["kind"], choices=", ".join(CALLOUTS))
        inside = " " * (len(match["indent"]) + 4)
        following = next((text for text in lines[number:] if text.strip()), "")
        if not following.startswith((inside, "\t")):
            log.add("empty_callout", number)


def _check_html(prose: list[str], log: FaultLog) -> None:
    for number, line in enumerate(prose, 1):
        match = _TAG.search(_AUTOLINK.sub("", _INLINE_CODE.sub("", line)))
        if match:
            log.add("raw_html", number, tag=match.group()[:40])


def _check_links(prose: list[str], media: Mapping[str, MediaSource | None], log: FaultLog) -> tuple[str, ...]:
    """Check each target; answers the media names that were used, in order, once each."""
    used: dict[str, None] = {}
    for number, line in enumerate(prose, 1):
        text = _INLINE_CODE.sub("", line)
        for match in _INLINE_LINK.finditer(text):
            name = _check_target(match["target"], bool(match["image"]), number, media, log)
            if match["image"] and not match["label"].strip():
                log.add("no_alt", number, target=match["target"])
            # a picture may itself be the label of a link
            for inner in _INLINE_LINK.finditer(match["label"]):
                inner_name = _check_target(inner["target"], bool(inner["image"]), number, media, log)
                used.update({inner_name: None} if inner_name else {})
            used.update({name: None} if name else {})
        definition = _DEFINITION.match(text)
        if definition:
            name = _check_target(definition["target"], False, number, media, log)
            used.update({name: None} if name else {})
    return tuple(used)


def _check_target(
    target: str, is_image: bool, line: int, media: Mapping[str, MediaSource | None], log: FaultLog
) -> str | None:
    """One link or picture; the name of the media file that it uses, if it uses one."""
    if target.startswith(MEDIA):
        return _check_media_target(unquote(target.removeprefix(MEDIA)), is_image, line, media, log)
    if is_image:
        log.add("remote_image", line, target=target[:200])
    elif not _is_web_link(target):
        log.add("bad_link", line, target=target[:200])
    return None


def _is_web_link(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme in _WEB_SCHEMES and bool(parts.netloc or parts.scheme in ("mailto", "tel"))


def _check_media_target(
    name: str, is_image: bool, line: int, media: Mapping[str, MediaSource | None], log: FaultLog
) -> str | None:
    if not name or "/" in name or "\\" in name or name in (".", ".."):
        log.add("bad_target", line, target=name[:200])
        return None
    if name not in media:
        log.add("no_media", line, target=name[:200])
        return None
    found = media[name]
    if found is None:
        return name
    if found.type.kind in (MediaKind.VIDEO, MediaKind.SEGMENT, MediaKind.CAPTIONS):
        log.add("video_not_alone", line, target=name)
    elif is_image and found.type.kind is not MediaKind.IMAGE:
        log.add("not_an_image", line, target=name)
    return name


def retarget(html: str, target_of: Callable[[str], str | None]) -> str:
    """Point the `media/` addresses of sanitized `html` at `target_of(name)`; those that it does not know lose their
    address, so that no link of a lesson ever leads nowhere."""

    def moved(match: re.Match[str]) -> str:
        target = target_of(unquote(match["name"]))
        return f'{match["before"]}="{target}"' if target else match["before"].rsplit(None, 1)[0]

    return _MEDIA_ATTRIBUTE.sub(moved, html)


#: Runs over whole attributes from the tag's name on, so that text that merely looks like an address stays as it is.
_MEDIA_ATTRIBUTE = re.compile(r'(?P<before><(?:img|a)(?:\s+[\w-]+="[^"]*")*?\s+(?:src|href))="media/(?P<name>[^"]*)"')
