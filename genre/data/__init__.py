"""From raw files to the clean table, and from there to padded batches."""
