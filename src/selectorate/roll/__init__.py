"""The roll: files of a membership system become members, facts, findings and the electorate.

Takes the bytes of files, an engine (an open DuckDB connection of the caller), the organisation's key, dates
and salts. Gives what a file holds and what is wrong with it (`reading`), tables of members, payments and
keyed tokens (`intake`), possible duplicates (`links`), findings (`signals`), facts for rules (`facts`), the
electorate with its commitments and slips (`electorate`, checked by `check`) and letters (`letters`).

Refuses: columns of special categories, by name and unread; formulas; dates that can be read in two ways;
bytes whose encoding nobody declared; rows that do not fit their header. It names the file, the row and the
remedy.

Deliberately absent: any act that turns a finding into an exclusion; merging of rows; guessing of names,
origin or sex; a score of a person; files, sockets, clock and environment (the office brings everything).
"""
