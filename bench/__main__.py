"""`python -m bench` measures everything; `python -m bench edits`, or another part, that one, with its own options."""

import sys
import time

from bench import authorship, edits, history, memory, pages, record, search, threads, versions
from bench.peers import compare

PARTS = {
    "edits": edits.main,
    "peers": compare.main,
    "history": history.main,
    "authorship": authorship.main,
    "versions": versions.main,
    "record": record.main,
    "memory": memory.main,
    "pages": lambda _arguments: pages.main(),
    "threads": lambda _arguments: threads.main(),
    "search": search.main,
}

if __name__ == "__main__":
    name, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if name:
        PARTS[name](arguments)
    else:
        began = time.monotonic()
        for name, part in PARTS.items():
            print(f"== {name}")
            part([])
        print(f"== all of it took {time.monotonic() - began:.0f} s")
