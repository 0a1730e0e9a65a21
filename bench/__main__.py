"""`python -m bench` measures everything; `python -m bench edits` or `pages` one part, with its own options."""

import sys

from bench import edits, pages
from bench.peers import compare

PARTS = {"edits": edits.main, "peers": compare.main, "pages": lambda _arguments: pages.main()}

if __name__ == "__main__":
    name, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if name:
        PARTS[name](arguments)
    else:
        for part in PARTS.values():
            part([])
