"""The model as a Mesa model: views on the rows of the state."""
