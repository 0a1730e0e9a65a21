"""Long pages, rendered in pieces between which whoever types has their turn: one process serves all of them."""

import time

from flask import stream_template

TURN = 0.004
"""Seconds of rendering after which others come first."""


def render(template: str, **context: object) -> str:
    """What `render_template` answers. A macro is one piece, however long it is."""
    pieces = list[str]()
    time.sleep(0)  # what the page shows was gathered just now
    began = time.perf_counter()
    for piece in stream_template(template, **context):
        pieces.append(piece)
        if time.perf_counter() - began >= TURN:
            time.sleep(0)
            began = time.perf_counter()
    return "".join(pieces)
