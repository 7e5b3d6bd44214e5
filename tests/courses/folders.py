"""A sound course on disk, and ways to spoil it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from lms.courses.faults import Fault, Severity
from lms.courses.folder import Reading, read_course

TOML = """\
title = "接待与走访"
summary = "来访时怎样听，上门时怎样问。"
tier = "street"
training_type = "induction"
abilities = ["mass_work", "mediation"]
hours = "2.00"
audience = "新到岗的社区工作者"
authors = ["社区学堂教研组"]

[quiz]
pass_percent = 80
attempts_allowed = 5
wait_hours = 0

[[quiz.draw]]
category = "接待"
count = 2

[[quiz.draw]]
category = "走访"
count = 1
"""

FIRST = """\
# 第一次接待

居民推门进来，先请坐，再倒水。

![接待流程](media/flow.svg "图 1：接待四步")

!!! scene "场景：周一早上"
    张阿姨说楼上漏水，已经找过两次物业。

做完以后填写[接待登记表](media/form.md)。

```checkpoint
::先做什么:: 张阿姨情绪激动，你先做什么？ {
=先听她讲完 #对，先让人说完。
~马上打电话给物业 #还没有弄清情况。
}
```
"""

SECOND = """\
# 入户走访

敲门，退后一步，亮明身份。
"""

BANK = """\
// 题库

$CATEGORY: 接待

::甲:: 来访者到了，先做什么？ {
=请坐 #对。
~查户口 #不对。
}

::乙:: 可以一边看手机一边接待吗？ {F}

$CATEGORY: 走访

::丙:: 敲门之后做什么？ {
=退后一步 #对。
~推门 #不对。
}
"""

DRAWING = b"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" role="img">
  <title>flow</title>
  <style>.a { fill: url(#g) }</style>
  <defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>
  <rect class="a" width="10" height="10"/>
</svg>
"""


def write_course(parent: Path, slug: str = "jiedai", *, tier: str = "street") -> Path:
    """A sound course of two lessons below `parent`/`tier`."""
    folder = parent / tier / slug
    (folder / "media").mkdir(parents=True)
    put(folder, "course.toml", TOML.replace('tier = "street"', f'tier = "{tier}"'))
    put(folder, "01-first-visit.md", FIRST)
    put(folder, "02-at-the-door.md", SECOND)
    put(folder, "quiz.gift", BANK)
    put(folder, "media/flow.svg", DRAWING)
    put(folder, "media/form.md", "# 接待登记表\n\n| 时间 | 姓名 |\n|---|---|\n| | |\n")
    return folder


def put(folder: Path, name: str, content: str | bytes) -> None:
    """Write one file, byte for byte."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace `old`, which must be there, in one file."""
    text = (folder / name).read_bytes().decode()
    assert old in text, f"{old!r} is not in {name}"
    put(folder, name, text.replace(old, new))


def places(reading: Reading, code: str) -> list[tuple[str, int | None]]:
    """Where the faults of one code stand; each of them must have a sentence."""
    found = [fault for fault in reading.faults if fault.code == code]
    assert all(fault.message and "%(" not in fault.message for fault in found)
    return [(fault.path, fault.line) for fault in found]


def only_fault(folder: Path) -> Fault:
    """The one error that reading `folder` finds; warnings do not count."""
    reading = read_course(folder)
    errors = [fault for fault in reading.faults if fault.severity is Severity.ERROR]
    assert len(errors) == 1, [(fault.where, fault.code) for fault in errors]
    assert reading.course is None
    assert errors[0].message
    return errors[0]


def png(width: int = 2, height: int = 2, *extra: tuple[bytes, bytes]) -> bytes:
    """A small PNG; its header may claim any size. `extra` chunks come before the picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0" * 2)
    middle = b"".join(chunk(name, body) for name, body in extra)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + middle + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def tiff_with_location() -> bytes:
    """An EXIF block whose only entry points at a GPS directory."""
    return b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8825, 4, 1, 26) + b"\0" * 8


def jpeg(exif: bytes = b"", *, width: int = 2, height: int = 2) -> bytes:
    """The segments of a JPEG without its picture."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body

    parts = [b"\xff\xd8"]
    if exif:
        parts.append(segment(0xE1, b"Exif\0\0" + exif))
    parts += [segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"), b"\xff\xda\0\2", b"\xff\xd9"]
    return b"".join(parts)
