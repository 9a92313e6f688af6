"""Rules of procedure: brackets and alternatives, the silence procedure, votes, the status of a paragraph."""
