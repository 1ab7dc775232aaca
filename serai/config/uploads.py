"""Where a file lies while it is uploaded: in memory if it is small, else on disk without a name.

Django's own handler gives it one, under which it stays when the process is killed: a directory with the addresses of
shelters, or a picture of somebody's paper, in the clear.
"""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MOST_BYTES = 100_000_000
"""Of all files of one request on the desk. On the public host nobody has a form that takes a file, nor a name under
which more could be refused: whoever sends one there wants to fill the disk."""


class UnnamedFileUploadHandler(FileUploadHandler):
    """Takes every upload that the handlers before it left."""

    file: UploadedFile
    taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Opens a file that only this process can reach and that ends with it."""
        super().new_file(*args, **kwargs)
        self.file = UploadedFile(
            tempfile.TemporaryFile(),  # noqa: SIM115 - whoever reads the upload closes it
            self.file_name, self.content_type, 0, self.charset, self.content_type_extra,
        )  # fmt: skip

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Writes what came, until it is too much: the rest is not read."""
        self.taken += len(raw_data)
        if self.taken > (MOST_BYTES if getattr(self.request, "serai_host", "") == "desk" else 0):
            self.file.close()
            raise StopUpload(connection_reset=True)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """The whole file, from its beginning."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """The browser has gone: nothing stays."""
        if hasattr(self, "file"):
            self.file.close()
