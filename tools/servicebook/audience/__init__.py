"""What each audience may see: a desk made anew for it, before any page, search or feed is made."""
