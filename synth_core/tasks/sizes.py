"""How large a table may be before a task works on a sample of it."""

#: Rows of a lift study: with 25 folds of every arm it takes minutes, not hours.
STUDY_ROWS = 50_000
