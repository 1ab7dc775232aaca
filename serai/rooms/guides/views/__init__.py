"""Pages of the guides: parse, call one action or query, answer."""
