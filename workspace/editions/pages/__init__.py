"""The pages of editions: before publication, the edition itself, its corrigenda and what stands around it."""
