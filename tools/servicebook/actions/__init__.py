"""What people do to a record: from its facts and theirs to an edit."""
