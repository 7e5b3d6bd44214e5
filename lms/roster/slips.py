"""Activation slips 激活单 as they are printed: the QR code leads to the sign-in page and holds no secret."""

import segno
from markupsafe import Markup


def qr_code(url: str) -> Markup:
    """The address as an inline SVG of dark squares: no style and no script, so that the page's policy admits it.

    Source: ISO/IEC 18004, by segno; error correction M (15 %) suits paper that is folded.
    """
    code = segno.make(url, error="m", micro=False)
    svg: str = code.svg_inline(omitsize=True, border=2, svgclass="slip__qr", lineclass=None, dark="#000", light="#fff")
    return Markup(svg)
