"""Telephone numbers as people write them, and as they are dialled."""

import pytest

from models.clinic import dialled


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("112", "112"),
        ("116 123", "116123"),
        ("+43 (0)1 234-56.78", "+4312345678"),
        ("(01) 234/56", "0123456"),
        ("0664 – 12 34", "06641234"),
    ],
)
def test_numbers_are_dialled_as_people_write_them(written: str, number: str) -> None:
    assert dialled(written) == number


@pytest.mark.parametrize("written", ["", "12", "112 or 144", "++43 1", "1" * 16, "٣٤٥", "1;ext=3", "*123#"])
def test_what_no_telephone_dials_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="cannot be dialled"):
        dialled(written)
