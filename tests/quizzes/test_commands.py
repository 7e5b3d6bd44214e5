"""`lms questions check`: counts, or faults with lines; never a traceback."""

import json

import pytest

from lms.quizzes.commands import questions
from tests.quizzes.test_gift import SAMPLE


@pytest.fixture
def check(app, tmp_path):
    def run(data, *options):
        file = tmp_path / "quiz.gift"
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        with app.app_context():
            return app.test_cli_runner().invoke(questions, ["check", str(file), *options])

    return run


def test_a_sound_file_is_counted_by_kind(check):
    result = check(SAMPLE)

    assert result.exit_code == 0
    assert "单选题  2" in result.output
    assert "共 9 道题" in result.output


def test_faults_have_their_lines_and_exit_code_1(check):
    result = check("题 {=甲}\n\n题 ｛=甲 ~乙｝\n\n题 {~甲}")

    assert result.exit_code == 1
    assert "第 3 行：" in result.output
    assert "第 5 行：" in result.output
    assert "Traceback" not in result.output


def test_json_has_counts_and_faults(check):
    sound = json.loads(check(SAMPLE, "--json").stdout)
    broken = json.loads(check("题 {=甲", "--json").stdout)

    assert sound["kinds"]["single"] == 2
    assert sound["faults"] == []
    assert broken["faults"][0] | {"message": ""} == {"line": 1, "code": "brace_not_closed", "message": ""}


def test_bytes_that_are_not_utf8_are_named_by_line(check):
    result = check("题一 {=甲}\n\n题二 {=乙}".encode("gb18030"))

    assert result.exit_code == 1
    assert "第 1 行" in result.output


def test_a_probable_mistake_is_remarked(check):
    result = check("题 {~%50%甲~%50%乙~丙}")

    assert result.exit_code == 0
    assert "提醒" in result.output


def test_a_file_that_is_not_there_is_a_sentence(app, tmp_path):
    with app.app_context():
        result = app.test_cli_runner().invoke(questions, ["check", str(tmp_path / "none.gift")])

    assert result.exit_code == 2
    assert "Traceback" not in result.output
