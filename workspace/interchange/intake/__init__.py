"""What comes in by mail, Word and sheet: read, looked at by a person, filed for its sender."""
