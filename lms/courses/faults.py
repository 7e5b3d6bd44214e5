"""What can be wrong with a course folder: a code, where, and a sentence that is translated when it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l


class Severity(StrEnum):
    """An error keeps a course from being loaded; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


#: One sentence for each code. The placeholders are the params of the fault.
MESSAGES = {
    # the folder
    "not_a_folder": _l("这里没有这个文件夹。"),
    "no_courses": _l("这里没有课程：课程文件夹里要有 course.toml。"),
    "unknown_tier_folder": _l("文件夹“%(name)s”不是课程级别。可用的有：%(choices)s。"),
    "bad_slug": _l("“%(name)s”不能作课程的文件夹名：只用小写字母、数字和连字符，不超过 60 个字符。"),
    "duplicate_course": _l("课程“%(name)s”在 %(other)s 已经有了：同一批课程的文件夹名不能重复。"),
    "missing_file": _l("缺少文件 %(name)s。"),
    "unexpected_file": _l("“%(name)s”不属于课程：只要 course.toml、quiz.gift、NN-名称.md 和 media 文件夹。"),
    "ignored_file": _l("“%(name)s”是隐藏文件，不会载入。"),
    "symlink": _l("“%(name)s”是链接。请放入文件本身。"),
    "not_regular": _l("“%(name)s”不是普通文件。"),
    "bad_name": _l("文件名“%(name)s”不能用：不能有空格、引号、斜线、控制字符，不能以点开头，不超过 100 个字符。"),
    "name_collision": _l("“%(name)s”与“%(other)s”只有大小写或写法不同，在有的电脑上是同一个文件。"),
    "too_big": _l("文件有 %(size)s，超过了 %(limit)s。"),
    "too_many": _l("文件太多：最多 %(limit)s 个。"),
    "unreadable": _l("文件“%(name)s”读不出来。"),
    "not_utf8": _l("这一行有不是 UTF-8 的字节。请用 UTF-8 编码另存。"),
    "nul": _l("这一行有空字符（NUL），不是文本。"),
    # course.toml
    "toml": _l("这里不合 TOML 的写法：%(reason)s"),
    "missing_key": _l("缺少“%(key)s”。"),
    "unknown_key": _l("不认识“%(key)s”。可用的有：%(choices)s。"),
    "not_text": _l("“%(key)s”要写成引号里的文字。"),
    "blank": _l("“%(key)s”不能空着。"),
    "too_long": _l("“%(key)s”有 %(length)s 个字，最多 %(limit)s 个。"),
    "not_one_line": _l("“%(key)s”要写在一行里。"),
    "not_whole": _l("“%(key)s”要写成整数。"),
    "not_truth": _l("“%(key)s”要写成 true 或 false。"),
    "out_of_range": _l("“%(key)s”要在 %(low)s 到 %(high)s 之间。"),
    "not_list": _l("“%(key)s”要写成方括号里的列表。"),
    "empty_list": _l("“%(key)s”至少要有一项。"),
    "repeated": _l("“%(key)s”里“%(value)s”写了两次。"),
    "not_table": _l("“%(key)s”要写成 %(shape)s 一节。"),
    "unknown_choice": _l("“%(key)s”不能是“%(value)s”。可用的有：%(choices)s。"),
    "tier_mismatch": _l("级别写的是“%(value)s”，课程却放在“%(folder)s”文件夹里。"),
    "bad_hours": _l('学时“%(value)s”要写成引号里的小数，最多两位，例如 "2.00"。'),
    "hours_range": _l("学时要大于 0，不超过 %(high)s。"),
    # lessons
    "bad_lesson_name": _l("课时文件“%(name)s”的名字要像 01-first-visit.md：两位数字、连字符、小写字母和数字。"),
    "no_lessons": _l("课程里还没有课时。"),
    "lesson_gap": _l("课时编号要从 01 起连着：这里应当是 %(expected)s。"),
    "lesson_number_twice": _l("编号 %(number)s 用了两次，另一个是 %(other)s。"),
    "lesson_slug_twice": _l("课时名“%(slug)s”用了两次，另一个是 %(other)s。"),
    "no_heading": _l("第一行要写课时的标题：“# 标题”。"),
    "second_heading": _l("一课只有一个一级标题。这里请用“## ”。"),
    "empty_lesson": _l("标题下面没有内容。"),
    "open_fence": _l("这里开始的代码块没有结束的 ```。"),
    "raw_html": _l("不能写 HTML：“%(tag)s”。请用 Markdown。"),
    "unknown_callout": _l("不认识提示框“%(kind)s”。可用的有：%(choices)s。"),
    "empty_callout": _l("提示框里没有内容：内容要缩进四个空格。"),
    "remote_image": _l("图片要放在 media 文件夹里，不能用外面的地址：%(target)s"),
    "no_alt": _l("图片“%(target)s”没有替代文字：看不见图的人靠它。"),
    "bad_link": _l("链接“%(target)s”不能用：只能是 media 里的文件，或 http、https、mailto、tel 地址。"),
    "bad_target": _l("“%(target)s”不是 media 里的文件名。"),
    "no_media": _l("media 文件夹里没有“%(target)s”。"),
    "not_an_image": _l("“%(target)s”不是图片，不能这样插入。"),
    "second_video": _l("一课只有一段视频，前一段在第 %(other)s 行。"),
    "video_not_alone": _l("视频“%(target)s”要独占一段，写成 ![说明](media/文件名.mp4)；字幕和片段不用写进课文。"),
    "no_captions": _l("视频没有字幕：请在 media 里放入 %(name)s。听不见、开不了声音的人靠它。"),
    "no_transcript": _l("视频没有文字稿 %(name)s：信号弱、看不了视频的人靠它。"),
    "video_without_checkpoint": _l("有视频的课没有“想一想”：看不了视频的人，读了文字稿也学不完这一课。"),
    "captions_late": _l("字幕 %(name)s 比视频还长，可能不是这一段的。"),
    "unrenderable": _l("这一课的写法太复杂，无法生成网页：%(reason)s"),
    # checkpoints and the quiz
    "second_checkpoint": _l("一课只有一道想一想，前一道在第 %(other)s 行。"),
    "checkpoint_not_last": _l("想一想总是显示在课文最后，它后面的文字会排到它前面。"),
    "empty_checkpoint": _l("这里没有题目。"),
    "many_questions": _l("想一想只能是一道题，这里有 %(count)s 道。"),
    "essay_checkpoint": _l("想一想不能用问答题：它要当场判断对错。"),
    "gift": _l("题目有误：%(reason)s"),
    "not_asked": _l("“%(label)s”没有 { }，只是说明，不会被抽到。"),
    "no_draw": _l("[quiz] 下面要有 [[quiz.draw]]：从哪一类抽几道题。"),
    "draw_unknown": _l("题库里没有“%(category)s”这一类。有：%(choices)s。"),
    "draw_twice": _l("“%(category)s”抽了两次，另一处在第 %(other)s 行。"),
    "draw_too_many": _l("“%(category)s”要抽 %(count)s 道，只有 %(available)s 道。"),
    "draw_none": _l("“%(category)s”这一类没有抽题，学员不会遇到。"),
    # media
    "media_folder": _l("media 里不能再有文件夹：“%(name)s”。"),
    "unused_media": _l("没有一课用到“%(name)s”。"),
    "empty_media": _l("文件是空的。"),
    "media_type": _l("不能用这种文件（按内容看）。可用的有：%(choices)s。"),
    "wrong_extension": _l("内容是 %(found)s，文件名却以 %(extension)s 结尾。"),
    "media_damaged": _l("文件不完整或已损坏。"),
    "image_too_large": _l("图片有 %(width)s×%(height)s 像素，每边最多 %(limit)s。"),
    "image_location": _l("照片里记着拍摄地点。请先去掉位置信息再放入。"),
    "video_length": _l("视频里没有写明时长。请用剪辑软件重新导出为 MP4。"),
    "video_location": _l("视频里记着拍摄地点。请先去掉位置信息再放入。"),
    "video_codec": _l("视频不是 H.264 编码，有的手机放不出来。"),
    "video_slow_start": _l("视频的索引在文件末尾，要下载完才能播放。导出时请选“适合网络播放”（faststart）。"),
    "captions_none": _l("字幕里没有一句话。"),
    "captions_time": _l("时间不对：应像 00:01.000 --> 00:04.500，先后有序。"),
    "captions_blank": _l("这段时间下面没有字。"),
    "playlist_open": _l("播放列表要列出全部片段，并以 #EXT-X-ENDLIST 结尾。"),
    "playlist_segment": _l("播放列表只能列出 media 里的 .ts 片段，不能有“%(target)s”。"),
    "svg_invalid": _l("不是完好的 SVG：%(reason)s"),
    "svg_doctype": _l("SVG 里不能有 DOCTYPE 或实体。"),
    "svg_element": _l("SVG 里不能有 <%(name)s>。"),
    "svg_attribute": _l("SVG 里不能有属性 %(name)s。"),
    "svg_reference": _l("SVG 只能引用自己内部的图形，不能引用“%(target)s”。"),
    "svg_instruction": _l("SVG 里不能有处理指令。"),
}


def add_messages(messages: Mapping[str, LazyString]) -> None:
    """Codes of a module above that reads files of its own in the same way."""
    MESSAGES.update(messages)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file. `line` counts from 1; None means the file as a whole."""

    path: str
    line: int | None
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def message(self) -> str:
        """The sentence in the reader's language; a param that is itself a fault speaks for itself."""
        shown = {name: getattr(value, "message", value) for name, value in self.params.items()}
        return str(MESSAGES[self.code]) % shown

    @property
    def where(self) -> str:
        """`path:line`, as editors and terminals understand it."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


class FaultLog:
    """Collects the faults of one file or folder; the order of finding is kept until `sorted`."""

    def __init__(self, path: str = "") -> None:
        self.path = path
        self.faults: list[Fault] = []

    def at(self, name: str) -> FaultLog:
        """The same log, writing about the file `name` below this one's path."""
        inner = FaultLog(str(PurePosixPath(self.path) / name) if self.path else name)
        inner.faults = self.faults
        return inner

    def add(self, code: str, line: int | None = None, **params: object) -> None:
        """An error: the course cannot be loaded."""
        self.faults.append(Fault(self.path, line, code, params))

    def warn(self, code: str, line: int | None = None, **params: object) -> None:
        """A warning: said, but the course can be loaded."""
        self.faults.append(Fault(self.path, line, code, params, Severity.WARNING))

    def sorted(self) -> tuple[Fault, ...]:
        """By file and line, as a person would work through them."""
        return tuple(sorted(self.faults, key=lambda fault: (fault.path, fault.line or 0)))
