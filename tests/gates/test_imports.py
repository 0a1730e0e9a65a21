"""What import-linter cannot hold for single files, and the two places that may commit."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "cli",
    "blueprints",
    "realtime",
    "jobs",
    "rendering",
    "actions",
    "access",
    "livedoc",
    "models",
    "richtext",
    "tally",
    "wire",
)
MAY_COMMIT = {"actions/unit_of_work.py", "livedoc/log.py", "actions/search_index.py"}
"""The last one only what can be made again from what the others committed."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_nothing_imports_the_application_and_only_the_command_line_reads_the_configuration() -> None:
    for path, tree in modules():
        if path.startswith("cli/"):
            continue
        assert "app" not in imported(tree), path
        assert "config" not in imported(tree), path


def test_only_the_unit_of_work_and_the_document_log_commit() -> None:
    offenders = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }
    assert offenders <= MAY_COMMIT


def test_patients_rows_are_loaded_below_the_doors_only() -> None:
    """No `session.get(Patient, …)` or select over a patient's rows above `access` and `actions`."""
    for path, tree in modules():
        if not path.startswith(("blueprints/", "realtime/")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models."):
                names = {alias.name for alias in node.names}
                assert not names & {"Patient", "Plan", "Section", "SectionDocument", "Contact"}, (path, names)


def test_no_file_is_too_long() -> None:
    long = {path for path, _tree in modules() if len((ROOT / path).read_text().splitlines()) > 300}
    assert not long


def test_no_name_that_says_nothing() -> None:
    nameless = {"utils", "helpers", "manager", "misc", "common", "extensions"}
    assert not [path for path, _tree in modules() if Path(path).stem in nameless]
