"""The words of a PDF that comes on standard input, page by page, as another maker's reader finds them."""

import io
import sys
import unicodedata

from pypdf import PdfReader

reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
text = "\n".join(page.extract_text() for page in reader.pages)
sys.stdout.buffer.write(unicodedata.normalize("NFC", text).encode())
