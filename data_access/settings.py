"""Settings from the environment, read once where a program starts."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_DATABASE_URL = "sqlite:///huiyin.db"
DEFAULT_TIME_ZONE = "Asia/Shanghai"
DEFAULT_STATEMENT_TIMEOUT_SECONDS = 60.0
DEFAULT_SETTLEMENT_DAYS = 10


class SettingsError(ValueError):
    """A setting has a value that can't be used; the message names it and says what can."""


@dataclass(frozen=True)
class Settings:
    """What the environment says. Folders are None where the built-in files are used."""

    database_url: str = DEFAULT_DATABASE_URL
    time_zone: ZoneInfo = ZoneInfo(DEFAULT_TIME_ZONE)
    user: str = "local"
    statement_timeout_seconds: float = DEFAULT_STATEMENT_TIMEOUT_SECONDS
    settlement_days: int = DEFAULT_SETTLEMENT_DAYS
    definitions: Path | None = None
    vocabulary: Path | None = None
    obligations: Path | None = None
    deadlines: Path | None = None
    holidays: Path | None = None


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings from ``HUIYIN_*`` variables; raises SettingsError for an unusable one."""
    return Settings(
        database_url=environment.get("HUIYIN_DATABASE_URL") or DEFAULT_DATABASE_URL,
        time_zone=_time_zone(environment.get("HUIYIN_TIME_ZONE") or DEFAULT_TIME_ZONE),
        user=environment.get("HUIYIN_USER") or _login_name(),
        statement_timeout_seconds=_number(environment, "HUIYIN_STATEMENT_TIMEOUT", DEFAULT_STATEMENT_TIMEOUT_SECONDS),
        settlement_days=int(_number(environment, "HUIYIN_SETTLEMENT_DAYS", DEFAULT_SETTLEMENT_DAYS)),
        definitions=_path(environment, "HUIYIN_DEFINITIONS"),
        vocabulary=_path(environment, "HUIYIN_VOCABULARY"),
        obligations=_path(environment, "HUIYIN_OBLIGATIONS"),
        deadlines=_path(environment, "HUIYIN_DEADLINES"),
        holidays=_path(environment, "HUIYIN_HOLIDAYS"),
    )


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(f"HUIYIN_TIME_ZONE={name}: no such time zone; use a name such as Asia/Shanghai") from error


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "local"


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError as error:
        raise SettingsError(f"{name}={text}: use a number such as {default:g}") from error
    if not 0 < value < float("inf"):
        raise SettingsError(f"{name}={text}: use a number above zero such as {default:g}")
    return value


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name)
    if not text:
        return None
    path = Path(text)
    if not path.exists():
        raise SettingsError(f"{name}={text}: there is no such file or folder")
    return path
