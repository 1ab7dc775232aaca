"""Guides, topics, human contacts and alerts as files of a pack, and back."""
