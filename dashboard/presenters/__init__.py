"""Results to text and table rows in the language of the reader."""
