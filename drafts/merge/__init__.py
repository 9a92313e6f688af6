"""Any number of amendments onto one base: claims, collisions, disputes; rebasing and anchors."""
