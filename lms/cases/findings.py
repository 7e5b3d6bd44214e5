"""What can be wrong with a file of the case library, beside what can be wrong with a lesson: the sentences."""

from lms.core.i18n import lazy_gettext as _l
from lms.courses import faults

MESSAGES = {
    "no_library": _l("这里没有案例库的文件夹或文件。"),
    "unknown_case_folder": _l("“%(name)s”不是能力的名字，也不是 methods。可用的有：%(choices)s。"),
    "stray_in_library": _l("“%(name)s”不属于案例库：只要能力文件夹和 methods，里面放“名称.md”和 files 文件夹。"),
    "bad_case_slug": _l("“%(name)s”不能作文件名：只用小写字母、数字和连字符，不超过 60 个字符，以 .md 结尾。"),
    "case_twice": _l("“%(name)s”在 %(other)s 已经有了：所有案例（或所有方法）里不能重复。"),
    "no_front": _l("第一行要写 +++，下面是基本信息，再以一行 +++ 结束。"),
    "front_open": _l("基本信息没有结束：缺少一行 +++。"),
    "bad_month": _l("“%(key)s”要写成 2023 或 2023-03，在引号里。"),
    "ends_before": _l("结束的时间早于开始的时间。"),
    "folder_mismatch": _l("第一种能力写的是“%(value)s”，文件却放在“%(folder)s”文件夹里。"),
    "not_confirmed": _l("不是教学示例的案例，“consent”和“anonymized”都要是 true：文中的人同意，并且看不出是谁。"),
    "unknown_method": _l("methods 文件夹里没有“%(slug)s”。"),
    "text_too_early": _l("第一个标题“## %(heading)s”之前不能有正文。"),
    "unknown_section": _l("不认识标题“%(heading)s”。只能有：%(choices)s；小标题请用“### ”。"),
    "section_order": _l("标题的次序不对：应当依次是 %(choices)s。"),
    "section_missing": _l("缺少标题“## %(heading)s”。"),
    "section_empty": _l("“%(heading)s”下面没有内容。"),
    "high_heading": _l("这里不能用一级标题。请用“### ”。"),
    "long_case": _l("四部分合起来有 %(count)s 字，建议不超过 %(limit)s 字。"),
    "too_long_case": _l("四部分合起来有 %(count)s 字，最多 %(limit)s 字。"),
    "no_case_file": _l("files 文件夹里没有“%(target)s”。"),
    "remote_case_image": _l("图片要放在 files 文件夹里，不能用外面的地址：%(target)s"),
    "bad_case_link": _l("链接“%(target)s”不能用：只能是 files 里的文件，或 http、https、mailto、tel 地址。"),
    "unused_case_file": _l("没有一篇案例用到“%(name)s”。"),
    "video_in_case": _l("案例里不能放视频：“%(target)s”。"),
    "bad_case_part": _l(
        "要写成 case 名称@版本 部分，例如：case wutongli-dianti@1 process。部分可以不写，可用的有：%(choices)s。"
    ),
}

#: What a lesson's fault is called in a case.
OWN_WORDS = {
    "no_media": "no_case_file",
    "remote_image": "remote_case_image",
    "bad_link": "bad_case_link",
    "video_not_alone": "video_in_case",
}

faults.add_messages(MESSAGES)
