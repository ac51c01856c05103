"""Numbers from numbers: outcomes of runs and paired comparisons of arms."""
