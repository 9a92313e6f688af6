"""What every request passes on its way to a handler: limits, security, idempotency, retries, the request's context."""
