"""How text is found: one tokenizer for the command line and the site."""
