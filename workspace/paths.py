"""Where locales and migrations are, in a checkout and in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _find(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


LOCALES = _find("locales")
MIGRATIONS = _find("migrations")
TEMPLATES = _PACKAGE / "web" / "templates"
STATIC = _PACKAGE / "web" / "static"
