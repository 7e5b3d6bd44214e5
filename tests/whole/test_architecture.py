"""docs/architecture.md tells of every module, in the order of the layers, and of commands and files that are there.

docs/security.md names the test that shows each promise, and where the code keeps it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from lms.cli import lms

ROOT = Path(__file__).parents[2]
TOLD = ("docs/architecture.md", "README.md", "README.zh.md", "courses/README.md", "case_library/README.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_it_tells_of_every_module_from_the_top_down():
    layers = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    modules = [name for layer in layers for name in layer.split(" | ") if (ROOT / "lms" / name).is_dir()]
    table = text_of("docs/architecture.md").split("## What flows upwards")[0]
    told = [name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]

    assert [name for name in told if name in modules] == ["demo", *(name for name in modules if name != "demo")]


@pytest.mark.parametrize("name", TOLD)
def test_its_commands_are_there(name):
    groups = {group: set(getattr(command, "commands", ())) for group, command in lms.commands.items()}
    for group, verb in re.findall(r"`?\blms ([a-z]+)(?: ([a-z]+)\b(?![-/.]))?", text_of(name)):
        assert group in groups, f"{name} tells of `lms {group}`"
        assert not groups[group] or not verb or verb in groups[group], f"{name} tells of `lms {group} {verb}`"


def test_its_files_are_there():
    files = re.findall(r"`((?:lms|tests)/[\w/.*]+)`", text_of("docs/architecture.md"))
    missing = [name for name in files if not list(ROOT.glob(name))]

    assert files
    assert not missing


def test_security_names_tests_and_files_that_are_there():
    text = text_of("docs/security.md")
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    missing = [f"{file}::{name}" for file, name in tests if f"def {name}(" not in read_or_nothing(file)]

    assert not missing
    assert text.count("::") == len(tests), "write a test as `tests/...py::test_name`"
    assert not [name for name in re.findall(r"`(lms/[\w/]+\.py)`", text) if not (ROOT / name).is_file()]


def test_security_shows_every_promise():
    rows = [line for line in text_of("docs/security.md").splitlines() if re.match(r"\| (?!promise)", line)]
    assert rows
    assert not [row for row in rows if "`tests/" not in row.split(" | ")[-1]]


def read_or_nothing(name: str) -> str:
    file = ROOT / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""
