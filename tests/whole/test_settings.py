"""The READMEs tell of every setting, and of none that is gone."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from lms.config import Config

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")


@pytest.mark.parametrize("name", READMES)
def test_readme_lists_the_settings(name):
    told = set(re.findall(r"\bLMS_[A-Z_]+\b", (ROOT / name).read_text(encoding="utf-8")))

    assert told == {f"LMS_{field.name.upper()}" for field in fields(Config)}


@pytest.mark.parametrize("name", READMES)
def test_readme_names_real_targets_of_make(name):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8")))

    assert told
    assert told <= targets, f"{name} tells of targets that make does not know: {sorted(told - targets)}"


@pytest.mark.parametrize("name", READMES)
def test_readme_shows_pictures_that_are_there(name):
    shown = re.findall(r"\((docs/[^)]+)\)|src=\"(docs/[^\"]+)\"", (ROOT / name).read_text(encoding="utf-8"))
    missing = [path for pair in shown for path in pair if path and not (ROOT / path).is_file()]

    assert shown
    assert not missing, f"{name} shows what is not there: {missing}; take them with `make screenshots`"
