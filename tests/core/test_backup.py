"""A backup is proven, not assumed: made beside the work, restored to an empty place, refused where it is damaged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import NullPool, create_engine, select, text

from lms.app import create_app
from lms.core import backup, db, files, proofs, safekeeping
from lms.core.backup import Place
from lms.core.commands import upgrade_tables
from lms.core.errors import Refused
from lms.core.files import StoredFile
from tests.databases import Databases, open_databases
from tests.playhouse import config_for

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DOCUMENT, LATER = "入户走访记录".encode(), "后来的记录".encode()


@pytest.fixture(scope="module")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases with our tables, as migrations make them."""
    with open_databases(
        request.config.getoption("--database"), tmp_path_factory.mktemp("backup"), upgrade_tables
    ) as made:
        yield made


@contextmanager
def installed(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(config_for(url, folder))
    try:
        with app.app_context():
            yield app
    finally:
        app.extensions["database"].engine.dispose()


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """An installation with one stored file."""
    with databases.fresh() as url, installed(url, tmp_path / "data") as app:
        keep(app, DOCUMENT)
        yield app


def keep(app: Flask, data: bytes) -> None:
    with db.unit_of_work(app.extensions["database"]):
        files.store(data, "走访.txt", now=NOW)


@pytest.fixture
def made(app: Flask, tmp_path: Path) -> Path:
    return make(app, tmp_path / "backups" / "monday")


def make(app: Flask, to: Path, previous: Path | None = None) -> Path:
    backup.make(Place.of(app.config["LMS"]), to, previous=previous, revision="0001", now=NOW)
    return to


@pytest.fixture
def empty(databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """Where nothing was installed yet."""
    with databases.fresh() as url:
        place = Place.of(config_for(url, tmp_path / "elsewhere"))
        if databases.kind == "sqlite":
            place.sqlite_file.unlink()
        else:
            engine = create_engine(url, poolclass=NullPool)
            with engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        yield place


def contents(place: Place) -> list[bytes]:
    """The stored files of an installation, with every proof held."""
    url = place.database.render_as_string(hide_password=False)
    with installed(url, place.data_dir) as app, db.unit_of_work(app.extensions["database"], write=False) as opened:
        assert not [sentence for proof in proofs.all_proofs(app) for sentence in proof.find().named]
        return [files.read(stored) for stored in opened.scalars(select(StoredFile).order_by(StoredFile.id))]


def test_what_was_backed_up_is_there_again(made, empty):
    backup.restore(backup.read(made), made, empty)
    assert contents(empty) == [DOCUMENT]


def test_what_came_after_it_is_not(app, made, empty):
    keep(app, LATER)
    backup.restore(backup.read(made), made, empty)
    assert contents(empty) == [DOCUMENT]


def test_a_file_that_the_last_backup_had_takes_no_room_again(app, made, empty, tmp_path):
    keep(app, LATER)
    tuesday = make(app, tmp_path / "backups" / "tuesday", previous=made)
    shared, new = sorted(tuesday.glob("files/??/*"), key=lambda path: -path.stat().st_nlink)
    assert (shared.stat().st_nlink, new.stat().st_nlink) == (2, 1)
    backup.restore(backup.read(tuesday), tuesday, empty)
    assert contents(empty) == [DOCUMENT, LATER]


def test_nothing_is_overwritten_by_a_backup(app, made):
    with pytest.raises(Refused, match="已经存在"):
        make(app, made)


def test_what_fails_leaves_no_folder_that_looks_like_a_backup(app, tmp_path, monkeypatch):
    def full(*_files: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_copy_files", full)
    with pytest.raises(Refused, match="No space left"):
        make(app, tmp_path / "monday")
    assert not list(tmp_path.glob("monday*"))


def test_a_place_that_cannot_be_written_is_said_in_words(app, tmp_path):
    (tmp_path / "a file").write_text("")
    with pytest.raises(Refused, match="没有完成"):
        make(app, tmp_path / "a file" / "monday")


def test_a_restore_that_finds_no_room_says_so_and_may_be_repeated(made, empty, monkeypatch):
    def full(*_places: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_load", full)
        with pytest.raises(Refused, match="No space left"):
            backup.restore(backup.read(made), made, empty)
    backup.restore(backup.read(made), made, empty)
    assert contents(empty) == [DOCUMENT]


def test_an_installation_in_use_is_not_written_over(app, made):
    with pytest.raises(Refused, match="空的位置"):
        backup.restore(backup.read(made), made, Place.of(app.config["LMS"]))


def test_a_restore_that_was_cut_short_may_be_repeated(made, empty):
    backup._copy_files(made / "files", empty.data_dir / "files", None)
    backup.restore(backup.read(made), made, empty)
    assert contents(empty) == [DOCUMENT]


def spoil_database(folder: Path) -> None:
    with (folder / "database").open("r+b") as file:
        file.seek(1000)
        file.write(b"spoiled")


def spoil_file(folder: Path) -> None:
    next(folder.glob("files/??/*")).write_bytes(b"something else")


def lose_file(folder: Path) -> None:
    next(folder.glob("files/??/*")).unlink()


@pytest.mark.parametrize("damage", [spoil_database, spoil_file, lose_file])
def test_what_is_damaged_is_refused_and_nothing_is_written(made, empty, damage: Callable[[Path], None]):
    damage(made)
    with pytest.raises(Refused, match="清单不符"):
        backup.restore(backup.read(made), made, empty)
    assert not list(empty.data_dir.rglob("*"))


def test_another_key_is_refused_before_anything_is_written(made, empty):
    with pytest.raises(Refused, match="LMS_SECRET_KEY"):
        backup.restore(backup.read(made), made, replace(empty, secret="another secret of thirty-two characters"))
    assert not list(empty.data_dir.rglob("*"))


def test_a_key_that_lies_in_the_data_folder_goes_along(app, empty, tmp_path):
    place = Place.of(app.config["LMS"])
    (place.data_dir / "secret_key").write_text(place.secret)
    folder = make(app, tmp_path / "with-key")
    empty.data_dir.mkdir(exist_ok=True)
    (empty.data_dir / "secret_key").write_text("made at random at the first start, of no use")
    fresh = replace(empty, secret="made at random at the first start, of no use")
    backup.restore(backup.read(folder), folder, fresh)
    assert (empty.data_dir / "secret_key").read_text() == place.secret


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1}', "[]", "not json"])
def test_a_folder_that_is_no_backup_is_said_to_be_none(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(Refused, match="不是完整的备份"):
        backup.read(tmp_path)


def test_a_backup_of_another_database_is_refused(made, empty):
    manifest = replace(backup.read(made), dialect="another")
    with pytest.raises(Refused, match="another"):
        backup.restore(manifest, made, empty)


def run(app: Flask, command: object, *words: str) -> Result:
    with app.app_context():
        return CliRunner().invoke(command, words)  # type: ignore[arg-type]


def test_the_commands_say_what_they_did(app, tmp_path):
    done = run(app, safekeeping.make, str(tmp_path / "monday"))
    assert done.exit_code == 0, done.output
    assert "文件 1 个" in done.output
    assert json.loads((tmp_path / "monday" / "manifest.json").read_text())["revision"] == "0001"
    assert run(app, safekeeping.verify).exit_code == 0


def test_the_proof_names_a_file_that_is_gone_and_one_that_changed(app):
    keep(app, LATER)
    gone, changed = sorted((app.config["LMS"].data_dir / "files").glob("??/*"))
    gone.unlink()
    changed.write_bytes(b"something else")
    done = run(app, safekeeping.verify)
    assert done.exit_code == 1
    assert f"不见了：{gone.name}" in done.output
    assert f"内容变了：{changed.name}" in done.output


def test_a_backup_of_a_newer_version_is_refused(app, made):
    said = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps({**said, "revision": "9999"}))
    done = run(app, safekeeping.restore, str(made))
    assert isinstance(done.exception, Refused)
    assert "9999" in str(done.exception)
