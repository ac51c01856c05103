"""How knowledge becomes adoption: parameters, rules and the two engines."""
