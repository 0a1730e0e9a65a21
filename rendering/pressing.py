"""The process that rendering/press.py starts: HTML in, PDF out. It knows nothing else of Consilium."""

import sys

from weasyprint import HTML
from weasyprint.urls import URLFetcher


def main() -> None:
    fetcher = URLFetcher(allowed_protocols=["data"])
    document = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=fetcher)
    sys.stdout.buffer.write(document.write_pdf(pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    main()
