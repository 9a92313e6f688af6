"""What the program writes down while it runs: a line for each thing, readable by people or by machines.

Neither names nor addresses of people are in it, nor anything they wrote: a page is told by its pattern, and of a
fault only its kind and the places in the code that it came through.
"""

import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

import msgspec

request_id: ContextVar[str] = ContextVar("request_id", default="")
ROOT: Final = "workspace"
FIELDS: Final = "fields"  # what a record carries besides its sentence, by `extra={FIELDS: {...}}`


class JsonFormatter(logging.Formatter):
    """One JSON object on each line: time, level, logger, message, request; further fields; a fault by its kind."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identity := request_id.get():
            said["request"] = identity
        said |= getattr(record, FIELDS, {})
        if record.exc_info and record.exc_info[1] is not None:
            said |= {"error": _kind(record.exc_info[1]), "at": _places(record.exc_info[1])}
        return msgspec.json.encode(said).decode()


class TextFormatter(logging.Formatter):
    """A line for a person; a fault is told as in JSON."""

    def format(self, record: logging.LogRecord) -> str:
        identity = request_id.get()
        said = f"{record.levelname.lower()}: {record.getMessage()}" + (f" [{identity}]" if identity else "")
        if record.exc_info and record.exc_info[1] is not None:
            said += "".join(f"\n  {line}" for line in (_kind(record.exc_info[1]), *_places(record.exc_info[1])))
        return said


def configure_logging(form: str) -> None:
    """Write the log to standard error, as "plain" or "json"; each request only as JSON."""
    handler = _ToStandardError()
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    ours = logging.getLogger(ROOT)
    ours.handlers[:] = [handler]
    ours.setLevel(logging.INFO if form == "json" else logging.WARNING)


class _ToStandardError(logging.Handler):
    """Writes to what standard error is at that moment, as something else may have taken its place since."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")
        sys.stderr.flush()


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _places(error: BaseException) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
