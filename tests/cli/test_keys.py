"""Keys are changed without losing anyone's session or anything's seal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.cli.command_line import flask, installation
from tests.conftest import Browser
from tests.personas import DANA

FIRST, SECOND = "a1b2c3d4" * 5, "e5f6g7h8" * 5


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def kept(instance: Path) -> Callable[[], Flask]:
    """An installation whose keys are in files; every call reads them anew, as a restart does."""
    (instance / "integrity-keys").write_text("1 " + "i" * 40 + "\n")
    (instance / "integrity-keys").chmod(0o600)
    return lambda: installation(instance, SECRET_KEY="", INTEGRITY_KEYS="")  # type: ignore[return-value]


def test_a_new_integrity_key_seals_and_the_former_ones_verify(kept: Callable[[], Flask], instance: Path) -> None:
    with kept() as app:
        done = flask(app, "keys", "rotate")
        assert done.exit_code == 0, done.output
        assert "Restart the server" in done.output
    assert mode(instance / "integrity-keys") == 0o600
    with kept() as app:
        assert set(app.extensions["consilium"].settings.integrity_keys) == {1, 2}
        with app.app_context(), app.extensions["consilium"].units.begin(None) as work:
            work.record("test", "seal")
        listed = flask(app, "keys", "list").output
        assert "integrity key 2" in listed
        assert "i" * 40 not in listed
        assert flask(app, "documents", "verify").exit_code == 0
        backed_up = flask(app, "backup")
        assert "integrity key 1, 2" in backed_up.output


def test_a_new_secret_leaves_sessions_and_a_leaked_one_ends_them(kept: Callable[[], Flask]) -> None:
    with kept() as app:
        own = app.extensions["consilium"].settings
        client = app.test_client()
        Browser(client, own.public_url).sign_in(DANA)
        page = client.get("/account", base_url=own.public_url).get_data(as_text=True)
        token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
        cookie = client.get_cookie(own.cookie_name)
        assert cookie is not None
        assert flask(app, "keys", "rotate", "--cookies").exit_code == 0

    def still_signed_in() -> list[int]:
        """How a page answers, and a form that was open before."""
        with kept() as app:
            client = app.test_client()
            client.set_cookie(own.cookie_name, cookie.value)
            shown = client.get("/account", base_url=own.public_url)
            sent = client.post("/account/presence", base_url=own.public_url, headers={"X-CSRFToken": token})
            return [shown.status_code, sent.status_code]

    assert still_signed_in() == [200, 204]
    with kept() as app:
        done = flask(app, "keys", "rotate", "--cookies", "--leaked")
        assert "Everyone signs in anew" in done.output
    assert still_signed_in() == [303, 400]


def test_keys_of_the_environment_are_printed_and_not_written(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRITY_KEYS", "set")
    monkeypatch.setenv("SECRET_KEY", "set")
    with installation(instance) as app:
        assert "  ,2:" in flask(app, "keys", "rotate").output
        assert "put the present one into SECRET_KEY_FALLBACKS" in flask(app, "keys", "rotate", "--cookies").output
    assert not (instance / "integrity-keys").exists()
    assert not (instance / "secret-key").exists()


def test_leaked_goes_with_cookies_alone(kept: Callable[[], Flask]) -> None:
    with kept() as app:
        assert flask(app, "keys", "rotate", "--leaked").exit_code == 2


def test_former_secrets_come_from_the_setting_or_the_file(tmp_path: Path) -> None:
    given = {"INSTANCE_DIR": str(tmp_path), "SECRET_KEY": FIRST, "SECRET_KEY_FALLBACKS": f"{SECOND}, {FIRST}"}
    assert Settings.from_environment(given).secret_key_fallbacks == (SECOND, FIRST)
    (tmp_path / "secret-key").write_text(f"{SECOND}\n{FIRST}\n")
    read = Settings.from_environment({"INSTANCE_DIR": str(tmp_path)})
    assert (read.secret_key, read.secret_key_fallbacks) == (SECOND, (FIRST,))
