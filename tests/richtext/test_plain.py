"""What reads like a medicine dose in a patient's task, and what does not."""

import random
from functools import partial

import pytest

from richtext.plain import dose_in
from tests.stopwatch import assert_takes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In the morning 20 mg of tramadol.", "20 mg"),
        ("180 mg/day from 1 Dec", "180 mg"),
        ("50µg patch", "50µg"),
        ("2,5 ml in the evening", "2,5 ml"),
        ("Two tablets at night", "Two tablets"),
        ("½ tablet", "½ tablet"),
        ("Half a tablet less", "Half a tablet"),
        ("10 drops\nbefore bed", "10 drops"),
        ("One patch every three days", "One patch"),
        ("1-0-1", "1-0-1"),
        ("Take it twice a day", "Take it twice a day"),
        ("Take your medicine 3 times a day", "Take your medicine 3 times a day"),
        ("Tramadol only at bedtime", "Tramadol only at bedtime"),
        ("ibuprofen 400", "ibuprofen 400"),
        ("Halve the dose if you feel dizzy", "Halve the dose"),
        ("Reduce tramadol slowly", "Reduce tramadol"),
        ("Stop the painkillers on Friday", "Stop the painkillers"),
    ],
)
def test_a_dose_is_found(text: str, words: str) -> None:
    assert dose_in(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Walk 10 minutes twice a day",
        "Do the bridge 8 times, three times a day",
        "Lift the empty crate 8 times, add 1 kg weekly",
        "Drink 200 ml of water before walking",
        "Eat 30 g of protein at breakfast",
        "Take a walk every morning",
        "Take the stairs twice a day",
        "Take a break every two hours",
        "Rest for one hour, then 2-3 short walks",
        "Bring your list of medicines on Tuesday",
        "Write the diary for 7 days",
        "Swim on 1 Dec, pool 2, 18:30-19:15",
        "A drop in mood is normal",
        "Call us on 01-234-567",
    ],
)
def test_what_is_none_is_left_alone(text: str) -> None:
    assert dose_in(text) is None


def test_no_text_takes_long() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    pieces = ["take ", "1 ", "1-", "reduce ", "a ", "medicine ", "half an ", "daily ", "½", "\n", "tramadol "]
    texts = [piece * 20_000 for piece in pieces] + ["".join(chance.choices(pieces, k=20_000)) for _ in range(5)]
    for text in texts:
        assert_takes(1.0, partial(dose_in, text), of=text[:20])
