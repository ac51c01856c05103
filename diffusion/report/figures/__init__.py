"""Figures for print: each a function from a tidy table to a matplotlib figure, with a function for its caption."""
