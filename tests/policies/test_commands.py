"""`lms policies`: what it says on a terminal, and that it fails with 1 where something is wrong."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from lms.policies.commands import policies
from tests.policies.test_files import PACK


@pytest.fixture
def run(app):
    def invoke(*arguments: str):
        with app.app_context():
            return CliRunner().invoke(policies, list(arguments))

    return invoke


def test_check_names_lines_or_says_what_a_policy_asks(run, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(PACK.replace("years = 3", "years = 0"), encoding="utf-8")

    wrong, right = run("check", str(file)), run("check", "opinion-2024")

    assert wrong.exit_code == 1 and f"{file}:42: 周期不能是零年" in wrong.output
    assert right.exit_code == 0 and "要求：每个自然年，参加县级以上培训 1 次。" in right.output


def test_load_show_and_recompute(run):
    first = run("load", "opinion-2024", "--unit", "990101", "--from", "2026-01-01")

    assert "清河区已采用" in first.output
    assert run("load", "opinion-2024", "--unit", "990101", "--from", "2026-01-01").output.strip() == "没有新的版本。"
    assert "opinion-2024 v1  2026-01-01" in run("show", "--unit", "990101001").output
    assert "opinion-2024 v1" not in run("show", "--unit", "990102").output
    assert "已重新计算 10 人。" in run("recompute").output


@pytest.mark.parametrize(
    "arguments", [("load", "none.toml", "--unit", "990101"), ("load", "opinion-2024", "--unit", "1")]
)
def test_what_is_not_there_is_said(run, arguments):
    assert run(*arguments).exit_code == 1
