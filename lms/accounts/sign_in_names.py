"""Sign-in names 登录名: a phone number as people write it, or a made number.

Both are digits alone, so that a phone shows its number keys.
"""

import re
import unicodedata

LONGEST = 64  # characters
PHONE = re.compile(r"1[0-9]{10}")
MADE = "9"  # no phone number begins with it: for those whose phone is unknown, or shared


def fold(typed: str) -> str:
    """The same name however it is typed: +86 138-5792 6403 is 13857926403, １３９ is 139."""
    plain = unicodedata.normalize("NFKC", typed).casefold()
    plain = "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Pd")
    bare = re.sub(r"^(\+|00)86", "", plain)
    return bare if PHONE.fullmatch(bare) else plain


def is_phone(text: str | None) -> bool:
    return bool(text and PHONE.fullmatch(text))


def made_name(person_id: int) -> str:
    """A name for a person who cannot sign in by phone number: 90000123."""
    return f"{MADE}{person_id:07d}"
