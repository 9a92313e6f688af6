"""What voters arrange before they vote: proxies, and requests for how a vote is taken."""
