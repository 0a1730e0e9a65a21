"""The content of a version in one canonical form: what its hash, and so every signature, covers."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from models.patient import PatientStatement
from models.version import VersionTask, VersionText

FORMAT = 1
"""Raised when more is frozen (goals, say); a version is checked in the format its hash was made in."""


def canonical(
    plan_id: int, statement: PatientStatement | None, texts: Iterable[VersionText], tasks: Iterable[VersionTask]
) -> bytes:
    """UTF-8 JSON with sorted keys and without spaces: texts in the order of the plan, tasks by id."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "plan": plan_id,
        "what matters": _statement(statement),
        "texts": [_text(each) for each in sorted(texts, key=lambda text: (text.position, text.kind))],
        "tasks": [_task(each) for each in sorted(tasks, key=lambda task: task.task_id)],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(
    plan_id: int, statement: PatientStatement | None, texts: Iterable[VersionText], tasks: Iterable[VersionTask]
) -> str:
    """SHA-256 (lower-case hex) of the canonical content."""
    return hashlib.sha256(canonical(plan_id, statement, texts, tasks)).hexdigest()


def _statement(statement: PatientStatement | None) -> dict[str, Any] | None:
    if statement is None:
        return None
    return {"text": statement.text, "told by": statement.told_by, "on": statement.told_on.isoformat()}


def _text(text: VersionText) -> dict[str, Any]:
    return {
        "document": text.document_id,
        "section": text.section_key,
        "title": text.title,
        "kind": text.kind,
        "discipline": text.discipline_id,
        "epoch": text.epoch,
        "seq": text.seq,
        "text": text.text,
    }


def _task(task: VersionTask) -> dict[str, Any]:
    return {
        "task": task.task_id,
        "title": task.title,
        "plain text": task.plain_text,
        "due": task.due.isoformat() if task.due else None,
        "rhythm": task.rhythm,
        "times a week": task.times_a_week,
    }
