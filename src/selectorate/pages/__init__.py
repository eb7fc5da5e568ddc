"""What people see: values in, bytes out.

Takes: stories (`objects.py`), frozen values of plain types that the office fills, and a canon Report.
Gives: self-contained HTML pages as bytes (`public.index_html`, `trackers.tracker_pages`,
`officer.officer_html`) and plain text for a terminal (`terminal`). The same story gives the same bytes.
Refuses: an address that leads outside, an inline event or style (ValueError: such a page is a fault of ours).
Every text of a story is taken for hostile: `html.tag` escapes whatever is not markup that it made itself.
Deliberately absent: scripts, fonts and pictures from elsewhere, templates, files, clocks, ticks of its own
(a page says who checked what; it does not check).
"""
