"""What people follow, and what they are told inside the product."""
