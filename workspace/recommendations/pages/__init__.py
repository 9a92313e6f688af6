"""The pages of recommendations: their register, each of them, drafting from them, where they went."""
