"""TOML -> a checked, frozen :class:`Scenario`: one question, its arms and its sweep."""

from diffusion.analysis.reserved import NO_LEADERS
from diffusion.scenario.leader_rule import LeaderRule
from diffusion.scenario.reading import load_scenario, read_scenario
from diffusion.scenario.settings import ArmSetting
from diffusion.scenario.study import Arm, Cell, Scenario

__all__ = ["NO_LEADERS", "Arm", "ArmSetting", "Cell", "LeaderRule", "Scenario", "load_scenario", "read_scenario"]
