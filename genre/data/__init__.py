"""From labelled texts, whatever their source, to padded batches."""
