"""What is to be translated, and the files in which translators take it and bring it back (XLIFF 2.0)."""
