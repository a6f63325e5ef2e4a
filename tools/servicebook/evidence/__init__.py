"""Who signed what: keys, signatures and how both are proven, from a repository alone."""
