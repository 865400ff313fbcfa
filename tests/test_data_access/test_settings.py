"""Tests of settings: defaults, what the environment changes, and what people are told when it can't."""

import getpass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data_access.settings import DEFAULT_DATABASE_URL, Settings, SettingsError, read_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = read_settings({})
    assert settings.database_url == DEFAULT_DATABASE_URL
    assert settings.time_zone == ZoneInfo("Asia/Shanghai")
    assert settings.user == getpass.getuser()
    assert settings.statement_timeout_seconds == 60
    assert settings.settlement_days == 10
    assert settings.holidays is None


def test_every_setting_is_read(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("definitions", "vocabulary", "obligations", "deadlines", "holidays")}
    for path in files.values():
        path.touch()
    environment = {f"HUIYIN_{name.upper()}": str(path) for name, path in files.items()} | {
        "HUIYIN_DATABASE_URL": "postgresql://host/huiyin",
        "HUIYIN_TIME_ZONE": "America/New_York",
        "HUIYIN_USER": "analyst",
        "HUIYIN_STATEMENT_TIMEOUT": "2.5",
        "HUIYIN_SETTLEMENT_DAYS": "5",
    }
    zone = ZoneInfo("America/New_York")
    assert read_settings(environment) == Settings("postgresql://host/huiyin", zone, "analyst", 2.5, 5, **files)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HUIYIN_TIME_ZONE", "Beijing", "use a name such as Asia/Shanghai"),
        ("HUIYIN_TIME_ZONE", "../etc", "use a name such as Asia/Shanghai"),
        ("HUIYIN_STATEMENT_TIMEOUT", "soon", "use a number such as 60"),
        ("HUIYIN_STATEMENT_TIMEOUT", "-1", "above zero"),
        ("HUIYIN_STATEMENT_TIMEOUT", "nan", "above zero"),
        ("HUIYIN_SETTLEMENT_DAYS", "inf", "above zero"),
        ("HUIYIN_HOLIDAYS", "/nowhere/holidays.toml", "no such file or folder"),
    ],
)
def test_an_unusable_setting_is_named_with_what_would_do(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as caught:
        read_settings({name: value})
    assert f"{name}={value}" in str(caught.value)


def test_a_user_without_a_login_name_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert read_settings({}).user == "local"
