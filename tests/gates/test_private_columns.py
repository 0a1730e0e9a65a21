"""A new column cannot hold words of a patient without somebody having said so."""

from tests.access import canary


def test_every_column_of_words_is_private_or_said_not_to_be() -> None:
    """It has to be named in tests/access/canary.py, and is then looked for in every answer that others get."""
    assert canary.columns_of_words() == canary.private_columns() | canary.MADE_OF_THEM | canary.PUBLIC
    assert not canary.private_columns() & (canary.MADE_OF_THEM | canary.PUBLIC)
