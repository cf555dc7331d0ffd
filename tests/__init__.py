"""Tests of genre; a package, for another one of this name comes with iterative-stratification."""
