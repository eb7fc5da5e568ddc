"""Delimited files too large for lists of cells: looked at as bytes (`shape`), loaded by the engine, judged by
queries that give only the lines where something may be, and by the very functions that judge a small file
(`reading`). On any doubt about its form a file is read by `roll.tables`, which names the row."""
