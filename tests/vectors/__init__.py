"""Published test vectors held against the house: `make vectors DIR=folder`, `python -m tests.vectors folder`."""
