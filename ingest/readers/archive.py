"""Zip files as gesetze-im-internet.de gives them: one act as XML, beside the pictures in it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from core.errors import DocumentTooLarge, DocumentUnreadable
from core.types import Reading
from ingest.readers.limits import ReaderLimits
from ingest.readers.xml import read_content

PICTURES = (".gif", ".jpg", ".jpeg", ".png", ".pdf", ".dtd")  # what stands beside an act
NOT_ONE_XML = (
    "The zip does not hold one XML file as gesetze-im-internet.de gives it; "
    "unpack it and ingest the folder."
)


def read_zip(path: Path, limits: ReaderLimits) -> Reading:
    """What the one XML file in a zip says; pictures beside it are not read, nothing is unpacked
    to the disk.

    Raises DocumentUnreadable for any other zip, DocumentTooLarge, DocumentEmpty.
    """
    try:
        if path.stat().st_size > limits.file_mb * 2**20:
            raise DocumentTooLarge(f"The file is larger than {limits.file_mb} MiB.")
        with zipfile.ZipFile(path) as archive:
            return read_content(_read_member(archive, limits))
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DocumentUnreadable("The zip is damaged; download it again.") from error
    except OSError as error:
        raise DocumentUnreadable(f"The file cannot be opened: {error.strerror}.") from error


def _read_member(archive: zipfile.ZipFile, limits: ReaderLimits) -> bytes:
    files = [info for info in archive.infolist() if not info.is_dir()]
    acts = [info for info in files if info.filename.lower().endswith(".xml")]
    others = [info for info in files if not info.filename.lower().endswith((".xml", *PICTURES))]
    if len(acts) != 1 or others:
        raise DocumentUnreadable(NOT_ONE_XML)
    (act,) = acts
    if act.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DocumentUnreadable("The zip is packed in an unusual way; pack it anew.")
    if act.flag_bits & 1:
        raise DocumentUnreadable("The zip is protected with a password; save it without one.")
    most = limits.file_mb * 2**20
    with archive.open(act) as member:  # what the zip says of its sizes is not believed
        content = member.read(most + 1)
    if len(content) > most:
        raise DocumentTooLarge(
            f"The XML in the zip is larger than {limits.file_mb} MiB; "
            "raise AUSKUNFT_READER_FILE_MB if it is to be read."
        )
    return content
