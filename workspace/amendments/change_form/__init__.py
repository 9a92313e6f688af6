"""The form in which an amendment or an edit is written, and the drafts it keeps."""
