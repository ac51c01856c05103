"""TOML -> a checked, frozen :class:`Scenario`: one question, its arms and its sweep."""

from diffusion.scenario.reading import load_scenario
from diffusion.scenario.settings import NO_LEADERS, ArmSetting, LeaderRule
from diffusion.scenario.study import Arm, Cell, Scenario

__all__ = ["NO_LEADERS", "Arm", "ArmSetting", "Cell", "LeaderRule", "Scenario", "load_scenario"]
