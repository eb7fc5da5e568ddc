"""The rich form of a sheet: written and read (`form`), and checked without the papers (`check`).

The form that stands on a public record is `Sheet.to_json`; this one has everything a reader needs to follow the
count, and lets somebody type an official report (docs/formats/count-sheet.md).
"""
