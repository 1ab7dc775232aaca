"""Reads of the directory. Each takes `viewer=`."""
