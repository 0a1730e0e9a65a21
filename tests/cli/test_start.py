"""Starting: a wrong setting, a taken port or a folder that cannot be written stops it with one clear line."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import ConfigError, Settings
from tests.realtime.server_process import free_port

ROOT = Path(__file__).resolve().parents[2]


def settings(tmp_path: Path, **environment: str) -> Settings:
    return Settings.from_environment({"INSTANCE_DIR": str(tmp_path), **environment})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "high", "PORT must be a number"),
        ("PORT", "70000", "PORT must be a number"),
        ("METRICS_PORT", "on", "METRICS_PORT must be a number"),
        ("METRICS_PORT", "0", "METRICS_PORT must be a number"),
        ("METRICS_PORT", "8000", "METRICS_PORT must be another port than PORT"),
        ("CONNECTIONS_PER_PERSON", "0", "CONNECTIONS_PER_PERSON must be a number from 1 on"),
        ("CONNECTIONS_PER_PERSON", "many", "CONNECTIONS_PER_PERSON must be a number from 1 on"),
        ("PUBLIC_URL", "plan.clinic.example", "must look like https://"),
        ("PUBLIC_URL", "http://plan.clinic.example", "must be https"),
        ("SECRET_KEY", "short", "32 characters"),
        ("DATABASE_URL", "mysql://x", "must begin with sqlite"),
        ("DEMO", "yes", "DEMO must be 0 or 1"),
        ("CLINIC_TIMEZONE", "Mars/Olympus", "must name a time zone"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of"),
        ("ASYNC_MODE", "eventlet", "ASYNC_MODE must be one of"),
        ("TRUSTED_PROXIES", "yes", "TRUSTED_PROXIES must be the number"),
        ("WEB_CONCURRENCY", "4", "WEB_CONCURRENCY must be 1"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_should_be(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        settings(tmp_path, **{name: value})
    assert "\n" not in str(refused.value)


def test_metrics_are_off_and_a_demo_is_shared_by_many_unless_one_says_otherwise(tmp_path: Path) -> None:
    assert settings(tmp_path).metrics_port is None
    assert settings(tmp_path, METRICS_PORT="9100").metrics_port == 9100
    assert settings(tmp_path).connections_per_person == 100
    assert settings(tmp_path, DEMO="1").connections_per_person == 2000
    assert settings(tmp_path, DEMO="1", CONNECTIONS_PER_PERSON="7").connections_per_person == 7


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    first = settings(tmp_path).secret_key
    assert settings(tmp_path).secret_key == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_origins_are_ours_and_in_a_demo_both_names_of_this_machine(tmp_path: Path) -> None:
    served = settings(tmp_path, PUBLIC_URL="https://plan.clinic.example")
    assert served.origins == {"https://plan.clinic.example"}
    assert served.cookie_name == "__Host-consilium"
    demo = settings(tmp_path, DEMO="1", PORT="8123")
    assert demo.origins == {"http://localhost:8123", "http://127.0.0.1:8123"}


def start(instance: Path | str, port: int, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program that `make run` runs, until it gives up."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-m", "cli.serve"],
        cwd=ROOT,
        env={**kept, "INSTANCE_DIR": str(instance), "PORT": str(port), **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("Consilium did not start: ")
    return lines[0]


def test_a_taken_port_is_told_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in one_line(start(tmp_path, port))
        said = one_line(start(tmp_path, free_port(), METRICS_PORT=str(port)))
        assert f"Port {port} is taken. Choose another: METRICS_PORT=" in said


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "cannot be written" in one_line(start(tmp_path / "file" / "instance", free_port()))


def test_a_wrong_setting_stops_the_program_with_one_line(tmp_path: Path) -> None:
    assert "DEMO must be 0 or 1" in one_line(start(tmp_path, free_port(), DEMO="maybe"))


def test_the_demo_refuses_a_real_clinics_database(instance: Path) -> None:
    assert "other people in it" in one_line(start(instance, free_port(), DEMO="1"))


def test_the_first_administrator_is_made_on_the_command_line(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = {**kept, "INSTANCE_DIR": str(tmp_path)}

    def flask(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flask", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)

    assert flask("db", "upgrade").returncode == 0
    made = flask("users", "create", "--admin", "--name", "Adam Berg", "--email", "adam@clinic.example")
    assert made.returncode == 0
    assert "http://localhost:8000/welcome/" in made.stdout
    again = flask("users", "create", "--admin", "--name", "Adam Berg", "--email", "adam@clinic.example")
    assert again.returncode == 1
    assert "There is an account with the email" in again.stderr
    nothing = flask("users", "create", "--name", "Nils", "--email", "nils@clinic.example")
    assert "Say what the person is" in nothing.stderr
