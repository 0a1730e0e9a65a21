"""Whom a comment names: as people write it."""

import pytest

from actions.colleagues import Colleague
from actions.mentions import named
from actions.unfit import Problem, Unfit


def colleague(number: int, name: str) -> Colleague:
    return Colleague(number, name, None, "", "", is_clinician=True)


TEAM = [
    colleague(1, "Dana Osei"),
    colleague(2, "Lena Moreau"),
    colleague(3, "Ana María Ruiz"),
    colleague(4, "Lena Huber"),
    colleague(5, "Ana"),
    colleague(6, "Jean-Luc Ómar"),
]


@pytest.mark.parametrize(
    ("body", "people"),
    [
        ("nobody", set()),
        ("@Dana Osei", {1}),
        ("ask @dana, please", {1}),
        ("(@DANA OSEI)", {1}),
        ("@Dana Oseis plan", {1}),
        ("@Ana Maria Ruiz and @Lena Moreau.", {3, 2}),
        ("@Ana said", {5}),
        ("@jean-luc omar", {6}),
        ("@Lena\nHuber", {4}),
        ("2 kg @ 5 repeats, @5 repeats", set()),
        ("mail dana@clinic.example or see https://x.example/@dana", set()),
        ("@Dana @Dana @Lena Huber", {1, 4}),
    ],
)
def test_names_as_people_write_them(body: str, people: set[int]) -> None:
    assert named(body, (), TEAM) == people


@pytest.mark.parametrize(
    ("body", "problem", "about"),
    [
        ("ask @Otto Brandt", Problem.UNKNOWN_NAME, "Otto"),
        ("ask @Danae", Problem.UNKNOWN_NAME, "Danae"),
        ("ask @Lena", Problem.SEVERAL_OF_THIS_NAME, "Lena"),
    ],
)
def test_a_name_that_is_nobodys_or_several_peoples_is_refused(body: str, problem: Problem, about: str) -> None:
    with pytest.raises(Unfit) as unfit:
        named(body, (), TEAM)
    assert (unfit.value.faults["body"].problem, unfit.value.faults["body"].about) == (problem, about)


def test_who_is_chosen_from_the_list_is_meant_by_the_name() -> None:
    assert named("ask @Lena", {4}, TEAM) == {4}
    assert named("no name written", {2}, TEAM) == {2}
    with pytest.raises(Unfit) as unfit:
        named("", {99}, TEAM)
    assert set(unfit.value.faults) == {"mentions"}
