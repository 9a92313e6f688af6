"""The pages on which a declaration is made, moved through its phases and given its dates."""
