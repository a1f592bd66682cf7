"""Redis as this site uses it: nothing unsigned is believed, and while it is away it is let be."""

import hashlib
import hmac
import logging
import pickle  # nosec B403: see `loads`
from collections.abc import Collection
from typing import Any

import redis
from django.conf import settings
from django_redis.client import DefaultClient
from django_redis.serializers.base import BaseSerializer
from redis.client import Pipeline
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import TimeoutError as NotInTime

from softfactory.kernel.breaker import Breaker

SIGNATURE_BYTES = 32

#: The errors of a Redis that is away.
AWAY = (NotConnected, NotInTime)

#: What is in Redis, but was not written by this site, or not by a release that we can read.
ABSENT = object()

logger = logging.getLogger(__name__)


class SignedPickleSerializer(BaseSerializer):
    """Pickles behind an HMAC: whoever can write to Redis can't make us run what they wrote."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self._key = hashlib.sha256(f"{__name__} {settings.SECRET_KEY}".encode()).digest()

    def dumps(self, value: Any) -> bytes:
        pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return self._signature(pickled) + pickled

    def loads(self, value: bytes) -> Any:
        """Return what was dumped, or ABSENT."""
        signature, pickled = value[:SIGNATURE_BYTES], value[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(pickled)):
            return ABSENT
        try:
            return pickle.loads(pickled)  # nosec B301: signed by us
        except Exception:
            logger.info("A value in Redis is of another release", exc_info=True)
            return ABSENT

    def _signature(self, pickled: bytes) -> bytes:
        return hmac.digest(self._key, pickled, "sha256")


class SignedClient(DefaultClient):
    """The cache's client, to which what is not ours is not there."""

    def get(self, key: Any, default: Any = None, version: Any = None, client: Any = None) -> Any:
        value = super().get(key, ABSENT, version=version, client=client)
        return default if value is ABSENT else value

    def get_many(self, keys: Collection, version: Any = None, client: Any = None) -> dict:
        found = super().get_many(keys, version=version, client=client)
        return {key: value for key, value in found.items() if value is not ABSENT}


#: One for the process, since there is one Redis. Of all processes one tries in a second.
breaker = Breaker("Redis", AWAY, pause=settings.WEB_CONCURRENCY)


class GuardedPipeline(Pipeline):
    """Several commands in one go, by way of the breaker."""

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        return breaker.call(super().execute, raise_on_error)


class GuardedRedis(redis.Redis):
    """A Redis whose commands go by way of the breaker."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        return breaker.call(super().execute_command, *args, **options)

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> GuardedPipeline:
        callbacks = self.response_callbacks
        return GuardedPipeline(self.connection_pool, callbacks, transaction, shard_hint)
