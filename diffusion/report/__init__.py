"""Results and networks as pictures, for print."""
