"""What a user may say, read and checked: from files and keywords to one `Setting`."""
