"""A column for what is counted: JSON, compressed to a quarter, since a day has thousands of it."""

import zlib
from base64 import b64decode, b64encode
from typing import Any

import orjson
from django.db import models


class PackedField(models.BinaryField):
    """What JSON can say, as compressed bytes; the database can't look inside."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else _unpacked(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else zlib.compress(orjson.dumps(value))

    def to_python(self, value: Any) -> Any:
        return _unpacked(b64decode(value)) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return b64encode(self.get_prep_value(self.value_from_object(obj))).decode("ascii")


def _unpacked(value: bytes) -> Any:
    return orjson.loads(zlib.decompress(value))
