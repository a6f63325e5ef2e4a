"""What a desk keeps: the kinds of record, their models, and the plain fact rows made from them."""
