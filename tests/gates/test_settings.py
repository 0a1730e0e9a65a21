"""No setting is undocumented: the code, its docstring and the page for operators name the same ones."""

import re
from dataclasses import fields
from pathlib import Path

from config import Settings

ROOT = Path(__file__).resolve().parents[2]
REFUSED = {"WEB_CONCURRENCY"}
"""Read only to be refused."""


def read_by_the_code() -> set[str]:
    return set(re.findall(r'env\.get\("([A-Z_]+)"', (ROOT / "config.py").read_text())) - REFUSED


def test_the_docstring_names_every_setting() -> None:
    told = re.findall(r"^\s{8}([A-Z_]{4,}) ", Settings.from_environment.__doc__ or "", re.MULTILINE)
    assert set(told) == read_by_the_code()
    assert len(told) == len(fields(Settings))


def test_operations_tell_of_every_setting() -> None:
    page = (ROOT / "docs/operations.md").read_text().split("## Settings", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == read_by_the_code()


def test_the_code_reads_no_other_setting() -> None:
    """Whatever else is read from the environment is a setting, too."""
    for folder in ("access", "actions", "blueprints", "cli", "jobs", "livedoc", "models", "realtime", "rendering"):
        for path in (ROOT / folder).rglob("*.py"):
            named = set(re.findall(r'os\.environ(?:\.get\(|\[)"([A-Z_]+)"', path.read_text()))
            assert named <= read_by_the_code(), path


def test_deployed_files_set_only_what_there_is() -> None:
    names = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/consilium.env").read_text(), re.MULTILINE))
    assert names <= read_by_the_code()
