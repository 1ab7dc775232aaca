"""A publisher's guides as a workbook that local staff edit, and back again as drafts."""
