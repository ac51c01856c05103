"""What is done to a network while an innovation spreads: interventions, and what they change."""
