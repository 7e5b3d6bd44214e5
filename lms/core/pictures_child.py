"""Pictures made safe and small: turned upright, without the place where they were taken, at most EDGE wide or high.

Runs in the limited child. What is written is a new picture of the same pixels: nothing of the old file's other data.
"""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

from PIL import Image, ImageOps

EDGE = 1600
#: Pixels of a picture as it comes; a phone's has 12 to 50 million, a bomb has billions.
MOST_PIXELS = 64_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
QUALITY = 82


class NoPicture(Exception):
    """Why there is none: `format` or `pixels`."""


def made_safe(data: bytes) -> tuple[bytes, str]:
    """The picture anew, and the ending of its name: jpg or png.

    :raise NoPicture: it is none that we read, or too large to unpack.
    """
    Image.MAX_IMAGE_PIXELS = None  # we ask for the size ourselves, before anything is unpacked
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture("pixels")
            opened.draft("RGB", (EDGE * 2, EDGE * 2))
            keeps = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            drawn = keeps or (opened.mode in ("P", "1", "L") and opened.format != "JPEG")
            upright = ImageOps.exif_transpose(opened).convert("RGBA" if keeps else "RGB")
    except NoPicture:
        raise
    except MemoryError as error:
        raise NoPicture("pixels") from error
    except Exception as error:  # a damaged picture fails in as many ways as there are formats
        raise NoPicture("format") from error
    upright.thumbnail((EDGE, EDGE))
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    if drawn:
        clean.save(out, "PNG", optimize=True)
        return out.getvalue(), "png"
    clean.save(out, "JPEG", quality=QUALITY, progressive=True)
    return out.getvalue(), "jpg"


def name_of(data: bytes, ending: str) -> str:
    """The name of a picture in the text: the same picture has the same name."""
    return f"p-{hashlib.sha256(data).hexdigest()[:12]}.{ending}"


def picture_of(data: bytes) -> dict[str, Any]:
    """For the parent: the picture as `{"name", "data"}`, or `{"fault"}`."""
    try:
        made, ending = made_safe(data)
    except NoPicture as error:
        return {"fault": str(error)}
    return {"name": name_of(made, ending), "data": base64.b64encode(made).decode()}
