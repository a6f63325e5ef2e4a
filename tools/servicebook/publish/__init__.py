"""The site: pages of records for MkDocs."""
