"""Pictures that people upload: made anew in a limited child, small and upright, without the place they were taken."""

from __future__ import annotations

import base64
from typing import Any

from lms.core import limited
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

SECONDS = 90.0  # of the wall's clock, on a busy machine
CPU_SECONDS = 40.0
MEGABYTES = 1024
#: By name: only the child needs the library for pictures.
CHILD = "lms.core.pictures_child:picture_of"

SENTENCES: dict[str, LazyString] = {
    "format": _l("这不是能读的图片。请用 JPEG、PNG、GIF 或 WebP 图片。"),
    "pixels": _l("图片过大，已拒绝读取。请缩小后再传。"),
    "busy": _l("正在读取的文件较多，请稍后再试。"),
}


def made_safe(data: bytes, field: str) -> tuple[str, bytes]:
    """The name that the server gives to an uploaded picture, and its bytes: the same pixels and nothing else.

    :param field: where a form asked for it.
    :raise Refused: it is none, or too large.
    """
    try:
        said: dict[str, Any] = limited.run(CHILD, data, seconds=SECONDS, cpu_seconds=CPU_SECONDS, megabytes=MEGABYTES)
    except limited.LimitExceeded as error:
        raise Refused(SENTENCES["busy" if error.what == "busy" else "pixels"], field) from error
    except limited.ChildFailed as error:
        raise Refused(SENTENCES["format"], field) from error
    if "fault" in said:
        raise Refused(SENTENCES[said["fault"]], field)
    return said["name"], base64.b64decode(said["data"])
