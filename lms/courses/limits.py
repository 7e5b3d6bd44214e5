"""How big a course may be. Sizes in bytes.

Chosen so that the largest course still fits a phone on a weak signal and a backup on a memory stick; the eight starter
courses stay below a twentieth of each.
"""

from __future__ import annotations

from decimal import Decimal

KB = 1024
MB = 1024 * KB

TOML_BYTES = 64 * KB
LESSON_BYTES = 200 * KB
QUIZ_BYTES = 2 * MB
MEDIA_BYTES = 20 * MB
SVG_BYTES = 1 * MB
#: Some ten minutes of a person speaking; what is longer comes in segments. Not above what `core.files` stores.
VIDEO_BYTES = 48 * MB
COURSE_BYTES = 300 * MB

LESSONS = 60
#: The segments of an hour of video are 600.
MEDIA_FILES = 800
FOLDER_ENTRIES = 2000

#: A decoded image takes four bytes a pixel: 6,000 by 6,000 is already 144 MB in a phone's memory.
IMAGE_SIDE = 6000

SLUG_CHARS = 60
NAME_CHARS = 100
TITLE_CHARS = 60
SENTENCE_CHARS = 300
LIST_ITEMS = 20

#: The most that one course may be worth, in credit hours: a year's whole training in the places we know.
HOURS = Decimal("100.00")


def shown(size: int) -> str:
    """A size for people: `12 KB`, `3.5 MB`."""
    if size < MB:
        return f"{max(1, round(size / KB))} KB"
    return f"{size / MB:.1f}".rstrip("0").rstrip(".") + " MB"
