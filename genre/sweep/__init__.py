"""Many runs from one command: what Hydra's multirun starts, and what it does when jobs fail or are cut off."""
