"""The users' guide: one short page for each thing that people come to do, in three languages."""
