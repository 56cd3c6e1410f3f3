"""Turns a PDF into what a copier's scanner makes of its print: pictures without a text layer."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from source import Source

DPI = 200
POINTS_PER_INCH = 72
TILT = (0.6, -0.4)  # degrees by which odd and even pages lie askew
PAPER = 247  # grey of the paper, 255 is white
NOISE = 5.0  # standard deviation of the grey values
JPEG_QUALITY = 45


def scan(content: bytes, source: Source) -> bytes:
    """A PDF of grey JPEG pictures, one for each page, slightly askew and noisy."""
    noise = np.random.default_rng(seed=0)
    with pypdfium2.PdfDocument(content) as pdf:
        pages = [page.render(scale=DPI / POINTS_PER_INCH).to_pil().convert("L") for page in pdf]
    pictures = [_age(page, TILT[index % 2], noise) for index, page in enumerate(pages)]
    scanned = BytesIO()
    moment = source.made_at.timetuple()
    pictures[0].save(
        scanned,
        "PDF",
        save_all=True,
        append_images=pictures[1:],
        resolution=DPI,
        quality=JPEG_QUALITY,
        title=source.title,
        creator="Kopierer Rathaus EG",
        creationDate=moment,
        modDate=moment,
    )
    return scanned.getvalue()


def _age(page: Image.Image, tilt: float, noise: np.random.Generator) -> Image.Image:
    askew = page.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=255)
    soft = np.asarray(askew.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    grey = soft * (PAPER / 255) + noise.normal(0.0, NOISE, soft.shape)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
