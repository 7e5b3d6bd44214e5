"""Passwords 密码: what a good one is, how it is kept, and how it is compared.

Kept as argon2id with 19 MiB, two passes, one lane (OWASP's first recommendation): some
26 ms on one core, so that a Monday morning of sign-ins does not stop the server.
The rules follow NIST SP 800-63B: length and a list of common passwords, no composition rules.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l

SHORTEST = 8  # characters, after folding
LONGEST = 128  # characters: longer ones would only feed the hash with work

# The most used ones of eight characters or more, here and abroad. Runs ("12345678") and
# repetitions ("88888888", "abababab") are found by rule and need no entry.
_COMMON = """
password password1 password12 password123 passw0rd p@ssw0rd p@ssword pa$$word iloveyou iloveyou1
sunshine princess football baseball superman trustno1 whatever computer internet welcome1
admin123 admin1234 admin888 admin@123 administrator root1234 test1234 guest123 changeme
qwertyuiop qwerty123 qwer1234 qwerasdf asdfghjkl asdf1234 zxcvbnm1 1q2w3e4r 1q2w3e4r5t 1qaz2wsx
1qazxsw2 q1w2e3r4 qazwsxedc a1b2c3d4 abc12345 abcd1234 abcd12345 aa123456 a1234567 a12345678
a123456789 aa12345678 123456aa 123456abc 123456789a 12345678a 1234567a 123456qq qq123456
qq123456789 wang1234 zhang123 woaini1314 woaini520 5201314520 52013140 13145200 13141314
woaiwojia woaini123 zhongguo china123 xiaoming beijing2008 shequ123 shequ1234 shequxuetang
asd12345 asdasd123 zxc12345 147258369 159357456 123321123 112233445566 11223344 12344321
00112233 123123123 321321321 31415926 10203040 987654321 741852963 66668888 88886666
"""
COMMON = frozenset(_COMMON.split())
ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class PasswordFault(StrEnum):
    """Why a new password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    PHONE = "phone"

    @property
    def message(self) -> LazyString:
        return MESSAGES[self]


MESSAGES = {
    PasswordFault.TOO_SHORT: _l("密码太短：至少 %(count)s 个字符，可以是一句好记的话。", count=SHORTEST),
    PasswordFault.TOO_LONG: _l("密码太长：最多 %(count)s 个字符。", count=LONGEST),
    PasswordFault.COMMON: _l("这个密码太常见，别人很容易猜到，请换一个。"),
    PasswordFault.PHONE: _l("密码不能是您的手机号或其中一段。"),
}


def fold(password: str) -> str:
    """The same password however the keyboard wrote it: full-width １２３ becomes 123."""
    return unicodedata.normalize("NFKC", password)


def find_fault(password: str, *, phone: str | None) -> PasswordFault | None:
    """The first rule that a new password breaks, or None when it may be used."""
    folded = fold(password)
    if len(folded) < SHORTEST:
        return PasswordFault.TOO_SHORT
    if len(folded) > LONGEST:
        return PasswordFault.TOO_LONG
    plain = folded.casefold()
    if phone and _is_made_of_phone(plain, phone):
        return PasswordFault.PHONE
    if plain in COMMON or _is_run(plain) or _is_repetition(plain):
        return PasswordFault.COMMON
    return None


def hash_password(password: str) -> str:
    """The encoded argon2id hash, with its own random salt."""
    return _hasher.hash(fold(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the stored hash.

    Does the work of exactly one hash in every case: with no hash stored (an unknown name, an account
    not yet activated) or an overlong password, a decoy is compared, so time tells nothing.
    """
    folded = fold(password)
    comparable = stored is not None and len(folded) <= LONGEST
    try:
        _hasher.verify(stored if comparable and stored else _decoy(), folded[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return comparable


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def warm_up() -> None:
    """Make the decoy now, so that not even the first sign-in takes longer than the others."""
    _decoy()


@cache
def _decoy() -> str:
    return _hasher.hash("no account has this")


def _is_made_of_phone(plain: str, phone: str) -> bool:
    """The number itself, its last digits or the number with a country code."""
    return plain in phone or (len(phone) >= SHORTEST and plain.endswith(phone) and len(plain) <= len(phone) + 4)


def _is_run(plain: str) -> bool:
    """A run along the digits, the alphabet or a row of keys, forwards or backwards."""
    return any(plain in row or plain in row[::-1] for row in ROWS)


def _is_repetition(plain: str) -> bool:
    """One to three characters again and again."""
    return any(plain == (plain[:n] * len(plain))[: len(plain)] for n in (1, 2, 3))
