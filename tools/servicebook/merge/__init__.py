"""Two people's edits of one record become one: field by field, event by event, and never a lost line."""
