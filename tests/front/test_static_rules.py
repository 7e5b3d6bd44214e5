"""What keeps the front end in one piece: one place for colors, one file a component, icons that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CSS = ROOT / "static" / "css"
JS = ROOT / "static" / "js"
ICON_USE = re.compile(r"""icon(?:_name)?(?:\(|=)\s*["']([a-z-]*[a-z])["']""")
COLOR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|oklch|oklab|lab|lch|color)\(", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SIZE_OF_TYPE = re.compile(r"^\s*(?:font-size|line-height)\s*:\s*\d[\d.]*(?:px|rem)", re.MULTILINE)


def components() -> list[Path]:
    return [path for path in sorted(CSS.glob("*.css")) if path.name not in {"app.css", "tokens.css"}]


def rules_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def templates() -> list[Path]:
    return sorted((ROOT / "lms").rglob("templates/**/*.html"))


def icons() -> set[str]:
    lines = (ROOT / "static" / "icons.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


@pytest.mark.parametrize("path", components(), ids=lambda path: path.name)
def test_colors_live_in_the_tokens(path: Path) -> None:
    found = COLOR.findall(rules_of(path))

    assert not found, f"{path.name} names {found}: give the color a name in tokens.css, where its contrast is tested"


@pytest.mark.parametrize("path", components(), ids=lambda path: path.name)
def test_sizes_of_type_live_in_the_tokens(path: Path) -> None:
    found = SIZE_OF_TYPE.findall(rules_of(path))

    assert not found, f"{path.name} has {found}: use a --text- or --leading- token, or an em"


@pytest.mark.parametrize("path", components(), ids=lambda path: path.name)
def test_only_known_tokens_are_used(path: Path) -> None:
    everything = "".join(rules_of(css) for css in CSS.glob("*.css"))
    declared = set(re.findall(r"(--[\w-]+)\s*:", everything))

    assert set(re.findall(r"var\((--[\w-]+)", rules_of(path))) - declared == set()


def test_every_style_sheet_is_imported_once() -> None:
    imported = re.findall(r'@import "\./([\w-]+\.css)"', (CSS / "app.css").read_text(encoding="utf-8"))

    assert sorted(imported) == sorted(path.name for path in CSS.glob("*.css") if path.name != "app.css")


def test_a_class_is_described_in_one_file() -> None:
    places: dict[str, set[str]] = {}
    for path in components():
        without_media = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", rules_of(path))
        for selector in re.findall(r"([^{};]+)\{", without_media):
            if re.fullmatch(r"\.[\w-]+", selector.strip()):
                places.setdefault(selector.strip(), set()).add(path.name)

    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_every_script_is_reached_from_app_js() -> None:
    reached = {"app.js", "sw.js"}  # the worker is served by itself
    for path in JS.glob("*.js"):
        code = re.sub(r"^\s*//.*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        reached |= set(re.findall(r"""(?:from|import\()\s*["']\./([\w-]+\.js)["']""", code))

    assert {path.name for path in JS.glob("*.js")} == reached


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_styles_and_no_scripts(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert not re.findall(r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)""", text, re.IGNORECASE)


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_icons_are_in_the_sprite(path: Path) -> None:
    assert set(ICON_USE.findall(path.read_text(encoding="utf-8"))) - icons() == set()


def test_the_lock_names_no_place_to_download_from() -> None:
    lock = json.loads((ROOT / "static" / "package-lock.json").read_text(encoding="utf-8"))

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
