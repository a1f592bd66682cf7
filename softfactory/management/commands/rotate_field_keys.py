"""rotate_field_keys: seals every secret in the database with the newest of FIELD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from softfactory.kernel.registry import sealed
from softfactory.kernel.sealing import reseal


class Command(BaseCommand):
    """Seal all secrets anew, app by app. Afterwards the older keys open nothing that is left."""

    help = "Seal every secret with the newest of FIELD_KEYS; then the older ones can go."

    def handle(self, **options: Any) -> None:
        for name, reseal_all in sealed.items():
            self.stdout.write(f"{reseal_all(reseal):>8}  {name}")
