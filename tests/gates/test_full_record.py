"""A new table of a patient cannot be forgotten in the full record."""

from actions.exports.record.tables import LEFT_OUT, OF_THE_CLINIC, TOLD, way
from models.base import Base
from models.registry import patient as _fills_the_metadata  # noqa: F401
from models.search import is_original


def test_every_table_is_told_or_left_out_for_a_reason() -> None:
    """Add it to TOLD (behind those it refers to) or to LEFT_OUT in actions/exports/record/tables.py."""
    there = {name for name in Base.metadata.tables if is_original(name, "table", {})}
    assert there == {*TOLD, *LEFT_OUT, *OF_THE_CLINIC}


def test_every_told_table_hangs_on_one_before_it() -> None:
    for name in TOLD:
        found = way(name)
        assert found is None or TOLD.index(found[1]) < TOLD.index(name), name
