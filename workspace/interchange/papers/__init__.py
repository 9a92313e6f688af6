"""The secretariat's papers, made from a table of the amendments: compilation, circular, table."""
