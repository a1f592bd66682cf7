"""What HTTP asks of every answer: an id, a validator, a size, and who may keep it.

The only code that touches Cache-Control, ETag and the keys of cached answers.
"""

from softfactory.kernel.http.bodies import BodyLimitMiddleware, CompressionMiddleware
from softfactory.kernel.http.caching import PrivateByDefaultMiddleware, cached_reads
from softfactory.kernel.http.etags import (
    EntityTagMiddleware,
    etag_of,
    file_response,
    matched_versions,
)
from softfactory.kernel.http.language import PathLanguageMiddleware
from softfactory.kernel.http.limits import WriteLimitMiddleware
from softfactory.kernel.http.problems import RefusedMethodMiddleware

__all__ = [
    "BodyLimitMiddleware",
    "CompressionMiddleware",
    "EntityTagMiddleware",
    "PathLanguageMiddleware",
    "PrivateByDefaultMiddleware",
    "RefusedMethodMiddleware",
    "WriteLimitMiddleware",
    "cached_reads",
    "etag_of",
    "file_response",
    "matched_versions",
]
