"""The settings: every problem at once, and nothing unsafe in production."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import lms
from lms.config import Config, ConfigError

SAFE = {
    "LMS_ENV": "production",
    "LMS_SECRET_KEY": "s" * 32,
    "LMS_HTTPS": "1",
    "LMS_TRUSTED_HOSTS": "a.example, b.example",
    "LMS_DATABASE_URL": "postgresql+psycopg://lms@db/lms",
}


def problems(**changed: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        Config.from_env({**SAFE, **changed})
    return error.value.problems


def test_safe_settings_are_taken_as_they_are(tmp_path: Path) -> None:
    config = Config.from_env({**SAFE, "LMS_DATA_DIR": str(tmp_path), "LMS_UPLOAD_MB": "5", "PATH": "/bin"})
    assert (config.https, config.trusted_hosts, config.upload_mb) == (True, ("a.example", "b.example"), 5)
    assert config.data_dir == tmp_path


def test_every_problem_is_named_at_once() -> None:
    named = problems(
        LMS_HTTPS="maybe",
        LMS_UPLOAD_MB="many",
        LMS_SESSION_HOURS="0",
        LMS_LOCALE="fr",
        LMS_TIMEZONE="Mars/Olympus",
        LMS_SECRET_KEY="short",
        LMS_TYPO="1",
        LMS_DATABASE_URL="mysql://x",
        LMS_ENV="staging",
    )
    assert {problem.split(":")[0] for problem in named} == {
        "LMS_HTTPS",
        "LMS_UPLOAD_MB",
        "LMS_SESSION_HOURS",
        "LMS_LOCALE",
        "LMS_TIMEZONE",
        "LMS_SECRET_KEY",
        "LMS_TYPO",
        "LMS_DATABASE_URL",
        "LMS_ENV",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMS_SECRET_KEY", ""),
        ("LMS_SECRET_KEY", "x" * 31),
        ("LMS_HTTPS", "0"),
        ("LMS_HTTPS", ""),
        ("LMS_TRUSTED_HOSTS", " , "),
    ],
)
def test_production_refuses_what_is_unsafe(name, value) -> None:
    assert [problem.split(":")[0] for problem in problems(**{name: value})] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMS_UPLOAD_MB", "0"),
        ("LMS_UPLOAD_MB", "201"),
        ("LMS_UPLOAD_MB", "-1"),
        ("LMS_UPLOAD_MB", "1.5"),
        ("LMS_UPLOAD_MB", "²"),
        ("LMS_DATABASE_POOL", "0"),
        ("LMS_TIMEZONE", "Asia"),
        ("LMS_TIMEZONE", "../../etc/passwd"),
        ("LMS_TIMEZONE", "/etc/passwd"),
        ("LMS_SESSION_HOURS", "9999"),
    ],
)
def test_what_is_out_of_range_is_refused(name, value) -> None:
    assert [problem.split(":")[0] for problem in problems(**{name: value})] == [name]


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = Config(data_dir=folder).completed()
    assert len(first.secret_key) >= 32
    assert Config(data_dir=folder).completed().secret_key == first.secret_key
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert first.database_url == f"sqlite:///{folder.resolve()}/lms.sqlite3"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError) as error:
        Config(data_dir=tmp_path / "file" / "data").completed()
    assert error.value.problems[0].startswith("LMS_DATA_DIR")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`run("ledger", "verify", LMS_LOCALE="en")`: the whole command as one types it."""
    monkeypatch.setenv("LMS_DATA_DIR", str(tmp_path))

    def call(*words: str, **settings: str):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(lms, words)

    return call


def test_a_command_names_every_setting_that_is_wrong(run) -> None:
    done = run("ledger", "verify", LMS_LOCALE="fr", LMS_UPLOAD_MB="x")
    assert done.exit_code == 1
    assert "LMS_LOCALE" in done.stderr
    assert "LMS_UPLOAD_MB" in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize(("locale", "said"), [("zh_Hans_CN", "数据库没有应答"), ("en", "The database did not answer")])
def test_a_command_without_its_database_says_so_in_a_sentence(run, locale, said) -> None:
    done = run("ledger", "verify", LMS_LOCALE=locale, LMS_DATABASE_URL="sqlite:////nowhere/at/all/lms.sqlite3")
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr


@pytest.mark.parametrize(("locale", "said"), [("zh_Hans_CN", "找不到规则文件"), ("en", "There is no rule file")])
def test_a_refusal_is_told_in_the_language_of_the_installation(run, locale, said) -> None:
    run("db", "upgrade")
    done = run("credit", "adopt", "nothing", LMS_LOCALE=locale)
    assert (done.exit_code, said in done.stderr) == (1, True)
