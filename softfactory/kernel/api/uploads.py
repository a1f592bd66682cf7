"""Viewsets that take a file, in a form."""

from collections.abc import Iterable
from typing import Any

from django.utils.datastructures import MultiValueDict
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from softfactory.kernel.api.viewsets import ApiViewSet


class UploadViewSet(ApiViewSet):
    """A viewset that reads forms where it is sent by one of the `takes_files` methods."""

    takes_files = frozenset({"POST"})

    def get_parsers(self) -> list[Any]:
        if getattr(self.request, "method", "") in self.takes_files:
            return [MultiPartParser()]
        return super().get_parsers()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Response:
        """Close the upload's temporary file, also where nobody closes the answer."""
        files: Any = vars(request).get("_files")
        uploads: Iterable[Any] = files.values() if isinstance(files, MultiValueDict) else ()
        for upload in uploads:
            upload.close()
        return super().finalize_response(request, response, *args, **kw)
