"""What a server needs around the program: written out with its own name, for an operator to look through and use."""

from collections.abc import Iterator
from pathlib import Path

from workspace.core.errors import Invalid

TEMPLATES = Path(__file__).parent / "server"
_ADDRESS = "{address}"


def write_files(folder: Path, *, address: str) -> Iterator[tuple[Path, bool]]:
    """Write each file that is not there yet; each with whether it was written. Raises `Invalid` for a bad name."""
    if not address or not all(part and part.replace("-", "").isalnum() for part in address.split(".")):
        raise Invalid(field="address", reason="not_callable")
    folder.mkdir(parents=True, exist_ok=True)
    for template in sorted(TEMPLATES.iterdir()):
        path = folder / template.name
        is_new = not path.exists()
        if is_new:
            path.write_text(template.read_text(encoding="utf-8").replace(_ADDRESS, address), encoding="utf-8")
        yield path, is_new
