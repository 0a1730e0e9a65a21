"""Words that a thread is about, held by the browser's own code on real Yjs: they move with the text."""

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

from tests.livedoc.replicas import node

HERE = Path(__file__).parent
ROUNDS = 2000 if os.environ.get("LONG") else 150


def run(program: str, *arguments: object) -> Any:
    ran = subprocess.run([node(), str(HERE / program), *map(str, arguments)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_anchors_stay_on_their_letters_whatever_is_edited_around_inside_and_across() -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**31)))
    print("seed", seed)
    met = run("anchors_of.mjs", seed, ROUNDS)
    print(met)
    assert met["places"] == ROUNDS * 4
    assert met["moved"] > ROUNDS
    assert met["gone"] > 0


def test_what_becomes_of_the_words() -> None:
    whole = "empty crate"
    assert run("anchor_cases.mjs") == {
        "untouched": whole,
        "typedBefore": whole,
        "typedAfter": whole,
        "typedInside": "empty wooden crate",
        "pastedAtTheTop": whole,
        "firstLettersGone": "crate",
        "acrossTheEnd": "empty",
        "allGone": None,
        "typedOver": None,
        "broughtBack": whole,
        "broughtBackByAnother": whole,
        "otherHistory": whole,
        "otherHistoryWithoutThem": None,
        "neverAnchored": whole,
        "nonsense": whole,
        "lettersFromElsewhere": whole,
        "secondOfTwo": 9,
        "spacesAround": {"from": 2, "to": 5},
        "onlySpaces": None,
    }
