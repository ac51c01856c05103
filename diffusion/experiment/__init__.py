"""Arms, cells, worlds and replicates: planned, run, stored and replayed."""
