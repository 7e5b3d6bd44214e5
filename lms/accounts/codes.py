"""One-time codes 一次性激活码: made at random, printed on a slip, kept only as a keyed hash.

A code is random and short-lived, so a fast keyed hash is right for it: thousands are made in a
moment, and whoever steals the table without the key cannot search for them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from datetime import timedelta

# Without 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, which paper and tired eyes confuse.
ALPHABET = "3479ACDEFHJKMNPRTUVWXY"
LENGTH = 8  # characters: 22^8, some 5 * 10^10 codes, against six tries
GROUP = 4  # characters between the dashes on the slip
LIFETIME = timedelta(days=14)
TRIES = 6  # wrong codes after which a new one is needed


def make_code() -> str:
    """A new random code as it is printed, such as `K7MP-3XWA`."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def fold(typed: str) -> str:
    """What was typed, without dashes and spaces, in half-width capitals."""
    wide = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in wide if not sign.isspace() and unicodedata.category(sign) != "Pd")


def looks_like_code(typed: str) -> bool:
    """Whether this could be a code at all.

    Only such a text uses up one of the tries of a code: a stranger's guesses at a password, or the
    owner's old password, leave the slip valid.
    """
    folded = fold(typed)
    return len(folded) == LENGTH and all(sign in ALPHABET for sign in folded)


def digest(key: bytes, person_id: int, code: str) -> str:
    """The keyed hash kept for a code; bound to the person, so that swapped slips fit nobody."""
    text = f"activation:{person_id}:{fold(code)}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def matches(key: bytes, person_id: int, typed: str, kept: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(digest(key, person_id, typed), kept)
