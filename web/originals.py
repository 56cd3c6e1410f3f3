"""Hands out original documents: PDFs as such, everything else as plain text that runs nothing."""

from __future__ import annotations

from starlette.responses import FileResponse

from service.originals import OriginalFile

# Shown by the browser itself: its PDF viewer does not work under a policy that forbids all.
PDF_POLICY = "frame-ancestors 'none'"
TEXT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def send_original(file: OriginalFile) -> FileResponse:
    """The file, shown in the browser and stored by no cache without asking."""
    is_pdf = file.media_type == "application/pdf"
    return FileResponse(
        file.path,
        media_type=file.media_type if is_pdf else "text/plain; charset=utf-8",
        filename=file.filename,
        content_disposition_type="inline",
        headers={
            "Content-Security-Policy": PDF_POLICY if is_pdf else TEXT_POLICY,
            "Cache-Control": "no-cache",  # a newer version has the same address
        },
    )
