"""What is known of a chef before any row is written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """A chef as one page shows them; rates are minor units of the city's currency."""

    name: str
    city: str
    cuisine: str
    picture: str
    session: int
    hourly: int
    guest: int
    bio: str
    max_guests: int = 12
    instant: bool = False

    @property
    def given_name(self) -> str:
        return self.name.split()[0]
