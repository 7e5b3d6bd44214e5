"""One-time codes: readable, random, bound to one person, and kept only as a keyed hash."""

from __future__ import annotations

import re

import pytest

from lms.accounts import codes

KEY = b"a test key"


def test_a_code_is_easy_to_read_and_to_type() -> None:
    made = {codes.make_code() for _ in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch(f"[{codes.ALPHABET}]{{4}}-[{codes.ALPHABET}]{{4}}", code) for code in made)
    assert not set("01258BGILOQSZ") & set(codes.ALPHABET)


@pytest.mark.parametrize("typed", ["K7MP-3XWA", "k7mp3xwa", " k7mp 3xwa ", "Ｋ７ＭＰ－３ＸＷＡ", "K7MP—3XWA"])
def test_it_is_the_same_code_however_it_is_typed(typed: str) -> None:
    assert codes.looks_like_code(typed)
    assert codes.matches(KEY, 7, typed, codes.digest(KEY, 7, "K7MP-3XWA"))


@pytest.mark.parametrize("typed", ["", "K7MP", "K7MP-3XW0", "K7MP-3XWA-4", "correct horse", "密码密码密码密码"])
def test_other_texts_are_not_taken_for_codes(typed: str) -> None:
    assert not codes.looks_like_code(typed)


def test_a_slip_fits_neither_another_person_nor_another_key() -> None:
    kept = codes.digest(KEY, 7, "K7MP-3XWA")
    assert "K7MP" not in kept
    assert not codes.matches(KEY, 8, "K7MP-3XWA", kept)
    assert not codes.matches(b"another key", 7, "K7MP-3XWA", kept)
    assert not codes.matches(KEY, 7, "K7MP-3XWC", kept)
