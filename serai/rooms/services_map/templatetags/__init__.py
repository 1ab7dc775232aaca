"""Tags of the services map."""
