"""A whole region's pages from Integreat's public JSON, in several languages, as guides of the house."""
