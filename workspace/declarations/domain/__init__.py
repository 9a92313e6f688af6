"""The versioned text: blocks, text versions, revisions, phases and deadlines, with their rules and verbs."""
