"""What commands print of runs and films, against computations that share no line with the package."""
