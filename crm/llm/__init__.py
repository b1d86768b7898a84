"""Reading what people write: facts out of notes, with the exact words they came from."""
