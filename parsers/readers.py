"""Which reader reads which kind; libraries are loaded when their kind first comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from .errors import ReadError
from .model import Document
from .problems import PROBLEMS, problem
from .sniff import IMAGES, Kind

Reader = Callable[[bytes], Document]

_READERS: dict[Kind, tuple[str, str]] = {
    "docx": ("parsers.office.docx", "read_docx"),
    "wordml": ("parsers.office.docx", "read_wordml"),
    "excelml": ("parsers.office.excelml", "read_excelml"),
    "doc": ("parsers.office.doc", "read_doc"),
    "rtf": ("parsers.office.rtf", "read_rtf"),
    "xlsx": ("parsers.office.xlsx", "read_xlsx"),
    "xls": ("parsers.office.xls", "read_xls"),
    "pdf": ("parsers.pdf.reader", "read_pdf"),
    "odt": ("parsers.office.odt", "read_odt"),
    "ods": ("parsers.office.ods", "read_ods"),
    "ofd": ("parsers.ofd.reader", "read_ofd"),
}
_SCANS: dict[Kind, tuple[str, str]] = {
    "scan": ("parsers.scan.reader", "read_scanned_pdf"),
    "pictures": ("parsers.scan.reader", "read_pictures"),
    **dict.fromkeys(IMAGES, ("parsers.scan.reader", "read_image")),
}
_OCR = ("rapidocr", "onnxruntime", "cv2", "numpy")
DOCUMENTS = frozenset(_READERS)


def reads_scans() -> bool:
    """Whether the extra `ocr` is installed; nothing is imported for the answer."""
    return all(find_spec(name) is not None for name in _OCR)


def bundled(bodies: Sequence[bytes]) -> bytes:
    """Several files as one, for a reader of the kind "pictures"."""
    return b"".join(len(body).to_bytes(4) + body for body in bodies)


def unbundled(bundle: bytes) -> Iterator[bytes]:
    """The files of a bundle."""
    start = 0
    while start < len(bundle):
        end = start + 4 + int.from_bytes(bundle[start : start + 4])
        yield bundle[start + 4 : end]
        start = end


def read_kind(kind: Kind, body: bytes) -> Document:
    """The document of that kind; one that cannot be read is a document with a problem."""
    module, function = (_READERS | _SCANS)[kind]
    try:
        reader = cast("Reader", getattr(import_module(module), function))
        return reader(body)
    except ReadError as error:
        return refused(error)
    except MemoryError:
        return Document(problems=(problem("too-large", reason="the reader ran out of memory"),))
    except Exception as error:  # a library's bug on one document must not cost the others
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        return Document(problems=(problem("reader-crashed", kind=kind, reason=reason),))


def refused(error: ReadError) -> Document:
    """What is left of a document that cannot be read."""
    code = error.code if error.code in PROBLEMS else "undecodable"
    return Document(problems=(problem(code, reason=str(error)),))
