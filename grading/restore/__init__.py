"""A submitted notebook -> one in which everything the student may not change is the author's again."""
