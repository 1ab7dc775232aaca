"""Content coming in and going out: other houses' pages, spreadsheets for local staff, files for translators."""
