"""In what leaders and interventions are paid for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "leader": "a leader who agrees to lead",
        "tie_added": "a tie that is added, once however long it lasts and whether in one direction or both",
        "tie_removed": "a tie that is taken away, in one direction or both",
        "tie_strengthened": "a tie that is made stronger or weaker, in one direction or both",
        "session": "a meeting, whoever attends",
        "attendance": "a person at a meeting",
        "agent_added": "an agent who is added",
        "agent_removed": "an agent who is taken out",
        "recruit": "a person who is won over by an intervention, not over ties",
        "broadcast_step": "a step during which a broadcast goes on",
        "word_of_mouth_step": "a step during which leaders speak up more",
    }
)
"""What may have a price, by the name that ``[costs]`` gives it, with its meaning."""
