"""The translation catalogue: English is the key, TOML files by area hold the rest."""
