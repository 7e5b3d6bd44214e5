"""The passwords of the demonstration: made at random once, kept beside the database, readable by their owner alone."""

import json
import os
import secrets
from pathlib import Path

from lms.demo.county import SIGN_INS

FILE = "demo-sign-ins.json"
#: Letters and digits that are not taken for one another when read from a screen.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 12


def kept(data_dir: Path) -> dict[str, str] | None:
    """Passwords by key, or None before the first run."""
    path = data_dir / FILE
    if not path.exists():
        return None
    passwords: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return passwords if set(passwords) == {member.key for member in SIGN_INS} else None


def make() -> dict[str, str]:
    """New passwords, one for each sign-in."""
    return {member.key: "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for member in SIGN_INS}


def keep(data_dir: Path, passwords: dict[str, str]) -> None:
    """Write them with mode 600, whole or not at all."""
    scratch = data_dir / f"{FILE}.part"
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(passwords, file, indent=2)
    scratch.replace(data_dir / FILE)
