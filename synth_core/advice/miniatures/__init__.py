"""Small worked examples for page Guide: really computed by the product's own parts, in a second at most."""
