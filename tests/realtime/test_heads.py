"""How often a section's head is refreshed while people type."""

from realtime.heads import Heads, Place


def test_a_head_is_refreshed_at_once_then_every_five_seconds_and_once_more_at_the_end() -> None:
    now = [0.0]
    heads, place = Heads(lambda: now[0]), Place("3", 7, "nutrition")
    heads.know(1, place)
    heads.know(2, place)
    heads.typed(1)
    assert heads.due() == [place]
    sent = []
    for second in range(1, 13):
        now[0] = float(second)
        if second < 8:
            heads.typed(second % 2 + 1)
        sent += [second] * len(heads.due())
    assert sent == [5, 10]
    heads.typed(99)
    assert heads.due() == []


def test_the_line_of_a_plan_follows_when_typing_rests_and_else_once_a_minute() -> None:
    now = [0.0]
    heads = Heads(lambda: now[0])
    heads.know(1, Place("3", 7, "nutrition"))
    heads.know(2, Place("3", 7, "psychology"))
    sent = []
    for second in range(150):
        now[0] = float(second)
        if second < 100:
            heads.typed(second % 2 + 1)
        sent += [second] * len(heads.lines_due())
    assert sent == [60, 104]
    heads.typed(99)
    assert heads.lines_due() == []
