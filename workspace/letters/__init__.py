"""Letters: what waits to be sent, how it is worded, and the worker that sends it."""
