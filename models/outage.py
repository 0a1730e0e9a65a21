"""When the database itself is away: stopped, restarting, unreachable, full, or held for too long.

Whoever meets one of `AWAY` has a fault of the house to report, not of the person or the program: say so plainly, and
let it be tried again. Whether a commit that met one took place is open.
"""

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

AWAY = (OperationalError, InterfaceError, PoolExhausted)
