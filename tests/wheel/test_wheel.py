"""What `make wheel` builds is complete: installed into an empty environment, away from the clone, it runs the site."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.installation import ROOT, Installation, serving


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    (wheel,) = (ROOT / "dist").glob("*.whl")
    folder = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", str(folder / "venv"))
    pip = (str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--no-compile", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements.txt"))
    run(*pip, "--no-deps", "--no-index", str(wheel))
    database = f"sqlite:///{folder / 'site.sqlite3'}"
    return Installation(database, folder / "data", (str(folder / "venv" / "bin" / "lms"),), folder)


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def read(url: str, language: str = "zh-CN") -> str:
    with urlopen(Request(url, headers={"Accept-Language": language}), timeout=30) as answer:
        text: str = answer.read().decode()
    return text


def test_it_serves_pages_assets_and_both_languages(installation):
    with serving(installation, installation.demo()) as site:
        chinese, english = read(f"{site.url}/"), read(f"{site.url}/", language="en")
        sheets = re.findall(r'href="([^"]+\.css)"', chinese)

        assert sheets, "the page has no style sheet"
        assert all(read(f"{site.url}{sheet}") for sheet in sheets)
        assert "登录" in chinese
        assert "Sign in" in english


def test_it_brings_the_starter_courses(installation, tmp_path):
    installation.demo()
    for tier in ("province", "city", "county", "street"):
        (course,) = [path for path in (ROOT / "courses" / tier).iterdir() if path.is_dir()][:1]

        installation.lms("courses", "export", course.name, str(tmp_path / course.name))

        exported = next((tmp_path / course.name).rglob("course.toml"))
        assert exported.read_bytes() == (course / "course.toml").read_bytes()


def test_it_brings_the_case_library(installation, tmp_path):
    installation.demo()

    installation.lms("cases", "export", str(tmp_path / "library"))

    for original in (ROOT / "case_library").glob("*/*.md"):
        exported = tmp_path / "library" / original.relative_to(ROOT / "case_library")
        assert exported.read_bytes() == original.read_bytes()


def test_nothing_of_it_comes_from_the_clone(installation: Installation):
    python = Path(installation.command[0]).with_name("python")
    command = [str(python), "-c", "import lms; print(lms.__file__)"]
    printed = subprocess.run(command, cwd=installation.folder, capture_output=True, text=True, check=True).stdout

    assert "site-packages" in printed
