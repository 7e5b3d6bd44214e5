"""`lms roster check` and `lms roster load`: their words and their JSON are a contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from lms.core import db
from lms.core.errors import Refused
from lms.people.models import Appointment, Person
from lms.roster.commands import roster
from tests.roster.books import number, others, person, xlsx

BROKEN = {"身份证号": 9.901011985010404e17, "姓名": "钱进", "联系电话": "19911111111"}


def invoke(app: Flask, *words: str) -> Result:
    with app.app_context():
        return CliRunner().invoke(roster, words)


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Any:
    """Run a command on a file with these rows."""

    def command(word: str, *rows: Any, options: tuple[str, ...] = (), data: bytes | None = None) -> Result:
        file = tmp_path / "花名册.xlsx"
        file.write_bytes(xlsx(*rows) if data is None else data)
        return invoke(app, word, str(file), "--unit", "990101", *options)

    return command


def count(app: Flask, model: Any) -> int:
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_check_prints_the_agreed_json_and_loads_nothing(app: Flask, run: Any) -> None:
    people = count(app, Person)
    result = run("check", person(), person(**BROKEN), options=("--json",))
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert list(told) == ["file", "unit", "sheet", "header_rows", "columns", "rows", "sound", "findings", "plan"]
    assert (told["file"], told["unit"], told["sheet"], told["header_rows"]) == (
        "花名册.xlsx",
        "990101",
        "花名册",
        [1, 1],
    )
    assert told["columns"][3] == {"column": "D", "header": "身份证号", "field": "id_number"}
    assert (told["rows"], told["sound"]) == (2, 1)
    first = told["findings"][0]
    assert (first["severity"], first["code"], first["row"], first["column"]) == ("error", "identity_numeric", 3, "D")
    assert first["message"].endswith("。")
    assert set(told["plan"]) == {"create", "change", "appoint", "end", "unchanged", "missing"}
    assert told["plan"]["create"] == 1
    assert count(app, Person) == people


def test_a_sound_file_checks_with_exit_code_0(run: Any) -> None:
    result = run("check", person())
    assert result.exit_code == 0
    assert "共 1 行" in result.output


def test_a_check_that_fails_says_why_on_its_own_line(run: Any) -> None:
    assert "有 1 行存在错误。" in run("check", person(**BROKEN), options=("--json",)).stderr
    assert "仍缺少：职务、所在社区" in run("check", data=xlsx(["甲", "1"], header=["姓名", "联系电话"])).stderr


def test_load_refuses_errors_with_a_sentence(app: Flask, run: Any) -> None:
    people = count(app, Person)
    result = run("load", person(), person(**BROKEN))
    assert (result.exit_code, count(app, Person)) == (1, people)
    assert "有 1 行存在错误" in result.output


def test_load_accepts_sound_rows_and_the_same_again_changes_nothing(app: Flask, run: Any) -> None:
    result = run("load", person(), person(**BROKEN), options=("--accept-sound-rows", "--json"))
    assert (result.exit_code, json.loads(result.stdout)["loaded"]) == (0, True)
    people, posts = count(app, Person), count(app, Appointment)
    again = run("load", person(), person(**BROKEN), options=("--accept-sound-rows",))
    assert again.exit_code == 0
    assert "没有任何变化" in again.output
    assert (count(app, Person), count(app, Appointment)) == (people, posts)


def test_load_asks_twice_before_it_ends_many(run: Any) -> None:
    run("load", *others(5))
    leaving = others(5, 是否在岗="否")
    refused = run("load", *leaving)
    assert refused.exit_code == 1
    assert "2%" in refused.output
    assert run("load", *leaving, options=("--confirm-endings",)).exit_code == 0


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04x", b"nonsense"])
def test_a_bad_file_is_a_sentence(run: Any, data: bytes) -> None:
    result = run("check", data=data)
    assert isinstance(result.exception, Refused)


def test_an_unknown_unit_is_a_sentence(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(xlsx(person()))
    result = invoke(app, "check", str(file), "--unit", "123456")
    assert isinstance(result.exception, Refused)
    assert "123456" in str(result.exception.message)


def test_numbers_of_rows_in_error_are_never_printed_whole(run: Any) -> None:
    wrong = number()[:17] + ("1" if number()[17] != "1" else "2")
    assert wrong not in run("check", person(身份证号=wrong), options=("--json",)).stdout


def test_a_refusal_names_the_option_that_goes_on_all_the_same(run: Any) -> None:
    refused = run("load", person(), person(**BROKEN))
    assert refused.exit_code == 1
    assert refused.stderr.endswith("确认要这样做时，加上 --accept-sound-rows 再执行一次。\n")


def test_of_a_file_that_is_no_roster_the_reason_alone_is_told(run: Any) -> None:
    refused = run("check", data=xlsx(header=("姓名", "联系电话")))
    assert refused.exit_code == 1
    assert "没有找到表头" in refused.stderr
    assert refused.stdout == ""
