"""The address of static files: it changes with their content, so that browsers may keep them for good."""

import hashlib
from pathlib import Path


def static_digest(folder: Path) -> str:
    """Twelve hex digits over names and contents of every file below `folder`."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
