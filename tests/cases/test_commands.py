"""`lms cases check|load|export`: idempotent, the same bytes back, nothing loaded where a fault is found."""

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lms.cases.commands import cases
from lms.cases.models import Case, CaseVersion, MethodVersion
from lms.core import db
from lms.core.errors import Refused
from tests.cases.library import CASE, put, write_library


@pytest.fixture
def run(app):
    def call(*words) -> tuple[int, str]:
        with app.app_context():
            result = CliRunner().invoke(cases, [str(word) for word in words])
        if isinstance(result.exception, Refused):
            return 1, str(result.exception.message)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return call


@pytest.fixture
def count(app):
    def versions() -> tuple[int | None, ...]:
        with db.unit_of_work(app.extensions["database"], write=False) as session:
            kinds = (CaseVersion, MethodVersion)
            return tuple(session.scalar(select(func.count()).select_from(kind)) for kind in kinds)

    return versions


def tree(folder) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_load_twice_changes_nothing_and_export_gives_the_same_bytes(run, count, tmp_path) -> None:
    library = write_library(tmp_path / "library", case=CASE.replace("\n", "\r\n"))
    assert run("check", library) == (0, "1 篇案例、1 个工作法，可以载入。\n")
    code, said = run("load", library)
    assert code == 0 and "新建  wutongli-dianti  梧桐里的电梯为什么装成了  第 1 版" in said
    assert run("load", library)[1].count("未变") == 2 and count() == (1, 1)
    assert run("export", tmp_path / "out")[0] == 0
    original = tree(library)
    original.pop("README.md")
    assert tree(tmp_path / "out") == original
    assert run("export", tmp_path / "out")[0] == 1  # not empty any more
    assert run("export", tmp_path / "one", "--slug", "wutongli-dianti")[0] == 0
    assert tree(tmp_path / "one") == original
    assert run("export", tmp_path / "none", "--slug", "nobody")[0] == 1


def test_a_changed_file_is_a_new_version(run, count, tmp_path) -> None:
    library = write_library(tmp_path / "library")
    run("load", library)
    put(library / "mediation/files/liucheng.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    assert "新版  wutongli-dianti" in run("load", library / "mediation")[1] and count() == (2, 1)


def test_a_fault_keeps_everything_out(run, count, tmp_path) -> None:
    library = write_library(tmp_path / "library", case=CASE.replace("## 讨论", "## 结语"))
    code, said = run("load", library)
    assert code == 1 and "wutongli-dianti.md:33: 不认识标题" in said and count() == (0, 0)
    assert run("check", library)[0] == 1


def test_a_unit_loads_its_own_and_not_anothers(run, app, cast, tmp_path) -> None:
    library = write_library(tmp_path / "library")
    assert run("load", library, "--unit", "990101")[0] == 0
    code, said = run("load", library)
    assert code == 1 and "属于另一个单位" in said
    assert run("load", library, "--unit", "000")[0] == 1
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        assert session.scalars(select(Case.unit_id)).all() == [cast.county]
    assert run("reindex") == (0, "已重新整理 1 篇案例的检索。\n")
