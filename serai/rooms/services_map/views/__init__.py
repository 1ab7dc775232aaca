"""Pages and answers of the services map."""
