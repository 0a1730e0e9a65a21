"""What the handlers of events work with."""

from dataclasses import dataclass, field

from flask import Flask

from actions.unit_of_work import Units
from livedoc.hub import Hub
from realtime.answers import Overdue
from realtime.connections import Connections
from realtime.heads import Heads
from tally.tally import Tally


@dataclass(slots=True)
class Switchboard:
    """One application's connections and ports. `revisions`: wire id of a plan → its revision as last heard."""

    app: Flask
    units: Units
    hub: Hub
    connections: Connections
    heads: Heads
    tally: Tally
    overdue: Overdue = field(default_factory=Overdue)
    revisions: dict[str, int] = field(default_factory=dict)
