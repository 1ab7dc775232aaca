"""Directories in and out: HSDS 3 as tables and nested JSON; GeoJSON and CSV through a mapping; HXL."""
