"""Fixtures for studies and stores."""

from experiment_cases import make_store, make_study, scenario_file

__all__ = ["make_store", "make_study", "scenario_file"]
