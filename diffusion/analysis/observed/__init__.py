"""Observed adoption: what Valente's methods say of agents whose times of adoption are known."""
