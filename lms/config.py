"""The settings: one frozen object, read once from `LMS_…` variables and validated before anything starts.

Every setting is listed in the README; a test holds the two together.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ENVIRONMENTS = ("development", "production", "test")
LOCALES = ("zh_Hans_CN", "en")
SHORTEST_SECRET = 32
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")


class ConfigError(Exception):
    """Settings that cannot be used; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Config:
    """What an installation decides."""

    #: LMS_ENV: development, production or test
    env: str = "development"
    #: LMS_DATA_DIR: database (SQLite), files and first passwords
    data_dir: Path = Path("data")
    #: LMS_DATABASE_URL: sqlite:///… or postgresql+psycopg://…; by default a SQLite file in the data folder
    database_url: str = ""
    #: LMS_DATABASE_POOL: connections each process keeps open
    database_pool: int = 8
    #: LMS_SECRET_KEY: signs cookies, encrypts identity numbers; by default made once and kept in the data folder
    secret_key: str = ""
    #: LMS_SITE_NAME: what the site calls itself
    site_name: str = "社区学堂"
    #: LMS_TIMEZONE: decides on which day, and in which year, something happened
    timezone: str = "Asia/Shanghai"
    #: LMS_LOCALE: language of commands and of visitors who ask for none
    locale: str = "zh_Hans_CN"
    #: LMS_HTTPS: the site is reached by https only (required in production)
    https: bool = False
    #: LMS_TRUSTED_HOSTS: host names that the site answers to, separated by commas
    trusted_hosts: tuple[str, ...] = ()
    #: LMS_TRUSTED_PROXIES: how many proxies in front set X-Forwarded-For
    trusted_proxies: int = 0
    #: LMS_SESSION_HOURS: how long a sign-in lasts without being used
    session_hours: int = 24 * 7
    #: LMS_UPLOAD_MB: largest request body in megabytes
    upload_mb: int = 20
    #: LMS_SITE_URL: where people find the site, for links in messages that leave it
    site_url: str = ""
    #: LMS_CHANNEL_HOSTS: servers through which messages may be sent, as host or host:port, separated by commas
    channel_hosts: tuple[str, ...] = ("qyapi.weixin.qq.com",)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the settings.

        :raise ConfigError: naming every variable that is wrong, not only the first.
        """
        given = os.environ if environ is None else environ
        problems: list[str] = []
        values: dict[str, object] = {}
        for field in fields(cls):
            text = given.get(f"LMS_{field.name.upper()}", "").strip()
            if text:
                try:
                    values[field.name] = _parse(field.name, text, field.default)
                except ValueError as error:
                    problems.append(f"LMS_{field.name.upper()}: {error}")
        known = {f"LMS_{field.name.upper()}" for field in fields(cls)}
        problems += [
            f"{name}: unknown setting" for name in sorted(given) if name.startswith("LMS_") and name not in known
        ]
        read = cls(**values)  # type: ignore[arg-type]
        problems += _unsafe(read)
        if problems:
            raise ConfigError(problems)
        return read.completed()

    def completed(self) -> "Config":
        """Fill in what has no value yet, and refuse what is unsafe.

        :raise ConfigError: naming everything that is missing or unsafe, or a data folder that cannot be written.
        """
        problems = list(_unsafe(self))
        if problems:
            raise ConfigError(problems)
        data_dir = self.data_dir.resolve()
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["data_dir"] = data_dir
        values["database_url"] = self.database_url or f"sqlite:///{data_dir / 'lms.sqlite3'}"
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            values["secret_key"] = self.secret_key or _kept_secret(data_dir)
        except OSError as error:
            raise ConfigError([f"LMS_DATA_DIR: {error.strerror}: {error.filename}"]) from error
        return Config(**values)


def _parse(name: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise ValueError("must be 1 or 0")
        return text.lower() in {"1", "true", "yes"}
    if isinstance(default, int):
        if not text.isdigit():
            raise ValueError("must be a whole number")
        return int(text)
    if isinstance(default, Path):
        return Path(text)
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _unsafe(config: Config) -> list[str]:
    """A sentence for every setting that is out of range, or that production must not run with."""
    problems = []
    if config.env not in ENVIRONMENTS:
        problems.append(f"LMS_ENV: must be one of {', '.join(ENVIRONMENTS)}")
    if config.locale not in LOCALES:
        problems.append(f"LMS_LOCALE: must be one of {', '.join(LOCALES)}")
    try:
        ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name is a folder of the zone database
        problems.append("LMS_TIMEZONE: no such time zone")
    if config.database_url and not config.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append("LMS_DATABASE_URL: must begin with sqlite:/// or postgresql+psycopg://")
    if not 1 <= config.upload_mb <= 200:
        problems.append("LMS_UPLOAD_MB: must be between 1 and 200")
    if not 1 <= config.session_hours <= 24 * 90:
        problems.append("LMS_SESSION_HOURS: must be between 1 and 2160")
    if not 1 <= config.database_pool <= 100:
        problems.append("LMS_DATABASE_POOL: must be between 1 and 100")
    if config.secret_key and len(config.secret_key) < SHORTEST_SECRET:
        problems.append(f"LMS_SECRET_KEY: must have at least {SHORTEST_SECRET} characters")
    if config.site_url and not config.site_url.startswith(("https://", "http://")):
        problems.append("LMS_SITE_URL: must begin with https:// or http://")
    if not all(HOST.fullmatch(host) for host in config.channel_hosts):
        problems.append("LMS_CHANNEL_HOSTS: must be hosts, or host:port, separated by commas")
    if config.env == "production":
        if not config.secret_key:
            problems.append("LMS_SECRET_KEY: must be set in production")
        if not config.https:
            problems.append("LMS_HTTPS: must be 1 in production: passwords may not travel in the clear")
        if not config.trusted_hosts:
            problems.append("LMS_TRUSTED_HOSTS: must name the site's host in production")
    return problems


def _kept_secret(data_dir: Path) -> str:
    """The installation's own secret, made at random at the first start and readable by its owner alone."""
    kept = data_dir / "secret_key"
    if not kept.exists():
        _make_secret(kept)
    return kept.read_text().strip()


def _make_secret(kept: Path) -> None:
    """Put the secret in place whole: of two processes that start at once, the second finds the first one's."""
    scratch = kept.with_name(f"{kept.name}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(scratch, kept)
    scratch.unlink()
