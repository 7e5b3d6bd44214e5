"""What lessons and cases have in common below their headings: call-outs, links to their own files, no HTML.

Lines keep their numbers: what is not prose is blanked before it is checked, never removed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from lms.courses.faults import FaultLog
from lms.courses.media import MediaKind, MediaSource

CALLOUTS = ("note", "tip", "warning", "scene", "steps", "form")
#: Where lessons keep their files.
MEDIA = "media/"

_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})\s*(?P<info>[\w-]*)(?P<rest>[^`]*)$")
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
class Fence:
    """A fenced block."""

    info: str
    rest: str  # what follows the first word of the opening line
    first: int  # the index of the opening line
    last: int  # the index of the closing line


def fences(lines: list[str], log: FaultLog) -> Iterator[Fence]:
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
            yield Fence(opening["info"], opening["rest"].strip(), index, last)
            index = last
        index += 1


def without(lines: list[str], blocks: Sequence[Fence]) -> list[str]:
    """The lines with the fenced blocks blanked."""
    kept = list(lines)
    for fence in blocks:
        kept[fence.first : fence.last + 1] = [""] * (fence.last + 1 - fence.first)
    return kept


def check_callouts(lines: list[str], prose: list[str], log: FaultLog) -> None:
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


def check_html(prose: list[str], log: FaultLog) -> None:
    for number, line in enumerate(prose, 1):
        match = _TAG.search(_AUTOLINK.sub("", _INLINE_CODE.sub("", line)))
        if match:
            log.add("raw_html", number, tag=match.group()[:40])


def check_links(
    prose: list[str], media: Mapping[str, MediaSource | None], log: FaultLog, folder: str = MEDIA
) -> tuple[str, ...]:
    """Check each target; answers the names of the files in `folder` that were used, in order, once each."""
    used: dict[str, None] = {}
    for number, line in enumerate(prose, 1):
        text = _INLINE_CODE.sub("", line)
        for match in _INLINE_LINK.finditer(text):
            name = _check_target(match["target"], bool(match["image"]), number, media, log, folder)
            if match["image"] and not match["label"].strip():
                log.add("no_alt", number, target=match["target"])
            # a picture may itself be the label of a link
            for inner in _INLINE_LINK.finditer(match["label"]):
                inner_name = _check_target(inner["target"], bool(inner["image"]), number, media, log, folder)
                used.update({inner_name: None} if inner_name else {})
            used.update({name: None} if name else {})
        definition = _DEFINITION.match(text)
        if definition:
            name = _check_target(definition["target"], False, number, media, log, folder)
            used.update({name: None} if name else {})
    return tuple(used)


def _check_target(
    target: str, is_image: bool, line: int, media: Mapping[str, MediaSource | None], log: FaultLog, folder: str
) -> str | None:
    """One link or picture; the name of the media file that it uses, if it uses one."""
    if target.startswith(folder):
        return _check_media_target(unquote(target.removeprefix(folder)), is_image, line, media, log)
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


def retarget(html: str, target_of: Callable[[str], str | None], folder: str = MEDIA) -> str:
    """Point the addresses of sanitized `html` in `folder` at `target_of(name)`; those that it does not know lose their
    address, so that no link ever leads nowhere."""

    def moved(match: re.Match[str]) -> str:
        target = target_of(unquote(match["name"]))
        return f'{match["before"]}="{target}"' if target else match["before"].rsplit(None, 1)[0]

    return _addresses_in(folder).sub(moved, html)


@cache
def _addresses_in(folder: str) -> re.Pattern[str]:
    """Runs over whole attributes from the tag's name on, so that what merely looks like an address stays as it is."""
    before = r'(?P<before><(?:img|a)(?:\s+[\w-]+="[^"]*")*?\s+(?:src|href))'
    return re.compile(rf'{before}="{re.escape(folder)}(?P<name>[^"]*)"')
