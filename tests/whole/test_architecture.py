"""docs/architecture.md tells of every module, in the order of the layers, and of commands and files that are there."""

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
