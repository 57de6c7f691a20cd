"""What a job leaves: findings as plain data, and the folder with its tables, figures, pages and provenance."""
