"""From the sheets of a survey to a network, by a recipe that says which column is what."""
