"""Which passwords are taken, and that comparing always costs the same work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts import passwords
from lms.accounts.passwords import PasswordFault

PHONE = "13857926403"


@pytest.mark.parametrize(
    "password",
    ["correct horse", "雨后的社区很安静呀", "kq7-merry-lamp", "aaaabbbbcccc", "13857926404x", "  spaces  kept "],
)
def test_it_takes_any_long_uncommon_password(password: str) -> None:
    assert passwords.find_fault(password, phone=PHONE) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", PasswordFault.TOO_SHORT),
        ("seven77", PasswordFault.TOO_SHORT),
        ("x" * 60 + "y" * 69, PasswordFault.TOO_LONG),
        ("Password1", PasswordFault.COMMON),
        ("12345678", PasswordFault.COMMON),
        ("１２３４５６７８", PasswordFault.COMMON),
        ("87654321", PasswordFault.COMMON),
        ("88888888", PasswordFault.COMMON),
        ("abcabcabc", PasswordFault.COMMON),
        ("QWERTYUIOP", PasswordFault.COMMON),
        (PHONE, PasswordFault.PHONE),
        (PHONE[-8:], PasswordFault.PHONE),
        ("+86" + PHONE, PasswordFault.PHONE),
    ],
)
def test_it_refuses(password: str, fault: PasswordFault) -> None:
    assert passwords.find_fault(password, phone=PHONE) is fault


@given(st.text(max_size=200), st.one_of(st.none(), st.text("0123456789", max_size=15)))
def test_any_text_gets_a_verdict(password: str, phone: str | None) -> None:
    passwords.find_fault(password, phone=phone)


def test_a_hash_fits_only_its_password_and_is_salted() -> None:
    stored = passwords.hash_password("雨后社区 ＡＢＣ１")
    assert stored != passwords.hash_password("雨后社区 ＡＢＣ１")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(stored, "雨后社区 ABC1")
    assert not passwords.verify(stored, "雨后社区 ABC2")
    assert not passwords.is_outdated(stored)
    assert passwords.is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNo")


@pytest.mark.parametrize("typed", ["wrong", "no account has this", "x" * 100_000, "\0", "\ud800"[:0]])
def test_comparing_does_one_hash_whatever_is_stored(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = passwords.hash_password("correct horse")
    passwords.warm_up()
    calls: list[int] = []

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            calls.append(len(password))
            return real.verify(kept, password)

    real = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert not passwords.verify(stored, typed)
    assert not passwords.verify(None, typed)
    assert not passwords.verify("not a hash", typed)
    assert len(calls) == 3
    assert max(calls) <= passwords.LONGEST
