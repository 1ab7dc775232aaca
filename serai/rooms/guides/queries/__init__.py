"""Every read of the guides; each takes the viewer."""
