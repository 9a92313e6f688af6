"""An address as a picture that telephones read."""


def qr_code(address: str, *, scale: int) -> str:
    """The QR code of `address` (ISO/IEC 18004, error correction M) as a data address of SVG; a module is `scale` wide.

    Black on white in any colour scheme, because a telephone has to read it.
    """
    import segno  # noqa: PLC0415  (ten files that a server needs for its first code, not to start)

    return segno.make(address, error="m", micro=False).svg_data_uri(scale=scale, border=4, light="#fff", dark="#000")
