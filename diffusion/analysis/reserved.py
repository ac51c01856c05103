"""The name that the program keeps for an arm of its own."""

from __future__ import annotations

NO_LEADERS = "no leaders"
"""The arm that is added where adoption happens without leaders; no scenario may call an arm so."""
