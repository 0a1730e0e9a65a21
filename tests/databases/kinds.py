"""Tests that hold on SQLite and on PostgreSQL alike.

`pytestmark = both` (or `@both`) runs a module's tests once on each; whatever builds on the fixture `instance` (`app`,
`context`, `server`, `place`, …) then lives on that database.
"""

import pytest

both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
