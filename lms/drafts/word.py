"""Reading an uploaded Word file, in a limited child; what cannot be read is refused in words."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.core import limited
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

SECONDS = 90.0  # of the wall's clock, on a busy machine
CPU_SECONDS = 40.0
MEGABYTES = 1024
CHILD = "lms.drafts.word_child:document_of"

SENTENCES: dict[str, LazyString] = {
    "damaged": _l("文件已损坏，读不出来。请在 Word 或 WPS 中打开，另存为 .docx 后重新上传。"),
    "encrypted": _l("文件设有打开密码。请取消密码后重新上传。"),
    "old_word": _l("这是旧格式的 Word 文件（.doc）。请在 Word 或 WPS 中打开，另存为 .docx 后重新上传。"),
    "wps": _l("这是 WPS 自己的格式（.wps）。请在 WPS 中打开，另存为 .docx 后重新上传。"),
    "open_document": _l(
        "这是 OpenDocument 文件（.odt）。请在 LibreOffice、WPS 或 Word 中打开，另存为 .docx 后重新上传。"
    ),
    "macros": _l("文件带有宏。请另存为不带宏的 .docx 后重新上传。"),
    "not_word": _l("这不是 Word 文件。只能读取 .docx；其他格式请在 Word 或 WPS 中打开，另存为 .docx 后重新上传。"),
    "entities": _l("文件内部含有不允许的 XML 声明，已拒绝读取。请在 Word 中另存为 .docx 后重新上传。"),
    "unpacked": _l("文件解压以后过大，已拒绝读取。请删去不需要的图片，另存后重新上传。"),
    "too_long": _l("文件有六万字以上，不像一篇案例。请只留下案例本身，另存后重新上传。"),
    "limits": _l("读取文件所需的时间或内存超过限制，已拒绝读取。请删去不需要的图片和格式，另存后重新上传。"),
    "busy": _l("正在读取的文件较多，请稍后再试。"),
}


@dataclass(frozen=True)
class Document:
    """What a Word file holds. `late` paragraphs had no place in the conversion and stand at the end."""

    blocks: Sequence[dict[str, Any]]
    notes: Mapping[str, str]
    pictures: Mapping[str, bytes]
    counted: int
    late: int


def read(data: bytes, name: str) -> Document:
    """The blocks of an uploaded .docx.

    :raise Refused: it cannot be read; the sentence says why, and what to do.
    """
    try:
        said: dict[str, Any] = limited.run(
            CHILD, data, name, seconds=SECONDS, cpu_seconds=CPU_SECONDS, megabytes=MEGABYTES
        )
    except limited.LimitExceeded as error:
        raise Refused(SENTENCES["busy" if error.what == "busy" else "limits"], "file") from error
    except limited.ChildFailed as error:
        raise Refused(SENTENCES["damaged"], "file") from error
    if "fault" in said:
        raise Refused(SENTENCES[said["fault"]], "file")
    pictures = {picture: base64.b64decode(text) for picture, text in said["pictures"].items()}
    return Document(said["blocks"], said["notes"], pictures, said["counted"], said["late"])
