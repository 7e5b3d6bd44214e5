"""`lms units load`: the public folder of division files, and a county's own list."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from lms.core import db
from lms.core.audit import AuditRow
from lms.core.i18n import force_locale
from lms.units.commands import units
from lms.units.models import Kind, Unit
from lms.units.paths import step_of

PROVINCES = "code,name\n11,京华市\n44,岭南省\n65,西疆\n"
CITIES = "code,name,provinceCode\n1101,市辖区,11\n4401,羊城市,44\n4419,莞城市,44\n6590,自治区直辖县级行政区划,65\n"
AREAS = (
    "code,name,cityCode,provinceCode\n110101,东城区,1101,11\n440101,越秀区,4401,44\n440102,白云区,4401,44\n"
    "440171,羊城高新技术产业开发区,4401,44\n441900,莞城市,4419,44\n659001,石头城市,6590,65\n"
)
STREETS = (
    "code,name,areaCode,cityCode,provinceCode\n110101001,东华门街道,110101,1101,11\n440101001,城关镇,440101,4401,44\n"
    "440102001,城关镇,440102,4401,44\n441900003,东城街道,441900,4419,44\n659001500,兵团一四三团,659001,6590,65\n"
)
FILES = {"provinces.csv": PROVINCES, "cities.csv": CITIES, "areas.csv": AREAS, "streets.csv": STREETS}
COMMUNITIES = "code,name,parent_code,level\n990101001010,柳荫社区,990101001,community\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "divisions"
    place.mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def load(app):
    def run(path: Path) -> Result:
        with app.app_context():
            return CliRunner().invoke(units, ["load", str(path)])

    return run


@pytest.fixture
def found(app):
    """code -> (name, parent's code, kind) of the units whose code begins with `start`."""

    def read(*starts: str) -> dict[str, tuple[str, str | None, Kind]]:
        with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
            rows = session.scalars(select(Unit).where(Unit.code.is_not(None)).order_by(Unit.path)).all()
            return {
                str(unit.code): (unit.name, unit.parent.code if unit.parent else None, unit.kind)
                for unit in rows
                if str(unit.code).startswith(starts)
            }

    return read


def test_a_folder_is_loaded_without_its_filler_levels(load, found, folder: Path) -> None:
    done = load(folder)
    assert done.exit_code == 0, done.output
    tree = found("11", "44", "65")
    assert "1101" not in tree
    assert tree["110101"][1] == "11"
    assert tree["659001"][1] == "65"


def test_a_city_without_counties_is_one_unit(load, found, folder: Path) -> None:
    load(folder)
    assert "441900" not in found("44")
    assert found("44")["441900003"][1] == "4419"


def test_namesakes_are_two_and_a_zone_is_no_legal_division(load, found, folder: Path) -> None:
    load(folder)
    tree = found("44", "65")
    assert (tree["440101001"][:2], tree["440102001"][:2]) == (("城关镇", "440101"), ("城关镇", "440102"))
    assert tree["440171"][2] is Kind.DEVELOPMENT_ZONE
    assert tree["659001500"][2] is Kind.CORPS


def test_every_path_leads_from_the_top(load, app, folder: Path) -> None:
    load(folder)
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        for unit in session.scalars(select(Unit)):
            assert unit.path == (unit.parent.path if unit.parent else "") + f"{unit.id}."
            assert unit.place == (unit.parent.place if unit.parent else "") + step_of(unit.code, unit.id)


def test_loading_again_changes_nothing_and_leaves_no_row(load, app, folder: Path) -> None:
    first, again = load(folder), load(folder)
    assert "新增 15 个" in first.output
    assert "新增 0 个，更名 0 个，未变 15 个" in again.output
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        verb = AuditRow.verb == "units.load"
        assert session.scalar(select(func.count()).select_from(AuditRow).where(verb)) == 1


def test_a_new_name_is_taken_over(load, found, folder: Path) -> None:
    load(folder)
    (folder / "areas.csv").write_text(AREAS.replace("越秀区", "越山区"), encoding="utf-8")
    assert "更名 1 个" in load(folder).output
    assert found("44")["440101"][0] == "越山区"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_countys_list_is_read_in_every_usual_encoding(load, found, tmp_path: Path, encoding) -> None:
    path = tmp_path / "communities.csv"
    path.write_bytes(COMMUNITIES.replace("\n", "\r\n").encode(encoding))
    done = load(path)
    assert done.exit_code == 0, done.output
    assert found("990101001010")["990101001010"][:2] == ("柳荫社区", "990101001")


HEAD = "code,name,parent_code,level\n"
FAULTS = [
    ("code,name,level\n1,一,street\n", "list.csv:1: 第一行缺少列：parent_code。"),
    (HEAD + "990101009,新街道,999999,street\n", "list.csv:2: 找不到上级代码 999999。"),
    (
        HEAD + "990101009,甲,990101,street\n990101009,乙,990101,street\n",
        "list.csv:3: 代码 990101009 在第 2 行已经出现。",
    ),
    (HEAD + "990101009,甲,990101,village\n", "list.csv:2: 层级“village”应为"),
    (HEAD + "99０1,甲,990101,street\n", "list.csv:2: 代码“99０1”应为 2 至 12 位数字。"),
    (HEAD + "990101009,,990101,street\n", "list.csv:2: 名称应为 1 至 80 个字。"),
    (HEAD + "990101009,甲,990101001,county\n", "list.csv:2: 县级不能设在街道（乡镇）之下。"),
    (HEAD + "990101001,和平街道,990102,street\n", "list.csv:2: 代码 990101001 在系统中属于另一上级"),
    (HEAD + '990101009,"甲,990101,street\n', "引号没有正确配对"),
]


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_a_fault_is_named_with_file_and_line_and_nothing_is_written(load, found, tmp_path: Path, text, said) -> None:
    path, before = tmp_path / "list.csv", found("99")
    path.write_text(text, encoding="utf-8")
    done = load(path)
    assert done.exit_code == 1
    assert said in done.stderr
    assert "未写入任何内容" in done.stderr
    assert found("99") == before


def test_an_undecodable_byte_is_named_by_its_line(load, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((HEAD + "990101009,甲乙丙丁街道,990101,street\n").encode() + b"990101010,\xff,990101,street\n")
    done = load(path)
    assert (done.exit_code, "list.csv:3: 含有无法识别的字符" in done.stderr) == (1, True)


def test_a_missing_file_is_named(load, folder: Path) -> None:
    (folder / "areas.csv").unlink()
    done = load(folder)
    assert (done.exit_code, "areas.csv: 缺少这个文件。" in done.stderr) == (1, True)


def test_faults_of_all_files_are_told_at_once(load, folder: Path) -> None:
    (folder / "cities.csv").write_text(CITIES + "12345678901234,长,44\n", encoding="utf-8")
    (folder / "streets.csv").write_text(STREETS + "x,短,440101,4401,44\n", encoding="utf-8")
    said = load(folder).stderr
    assert "cities.csv:6" in said
    assert "streets.csv:7" in said


def test_faults_are_told_in_the_readers_language(app, folder: Path) -> None:
    (folder / "areas.csv").unlink()
    with app.app_context(), force_locale("en"):
        done = CliRunner().invoke(units, ["load", str(folder)])
    assert "areas.csv: This file is missing." in done.stderr
