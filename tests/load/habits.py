"""How people use the site: how many of each kind there are, what they come for, how long they look.

The only place with weights and think times. The shares are those of a marketplace on a busy
evening: most people look, some book, few of them by program; the bookings are more than the one in
thirty visits that would be usual, so that the hard part of the site is under load as well.
"""

from typing import NamedTuple


class Habit(NamedTuple):
    """One kind of people: out of a hundred, seconds between two steps, journeys by weight."""

    share: int
    think: tuple[float, float]
    journeys: dict[str, int]


#: By the name of the class under `journeys/`; a journey is a method there.
HABITS = {
    # Read a page for some seconds; a person takes two or three times as long, so that 200 of
    # ours make the load of some 500 people.
    "Visitor": Habit(60, (2, 6), {"arrive": 2, "look_around": 4, "read_chef": 4}),
    # Came to book. Some change their minds, which keeps times free in a long run.
    "Guest": Habit(
        19, (2, 6), {"book": 4, "look_at_bookings": 3, "cancel": 2, "sign_in_elsewhere": 1}
    ),
    # A partner's program: quick, since nobody reads, and never without a pause.
    "Program": Habit(
        11,
        (1, 3),
        {
            "list_chefs": 4,
            "read_chef": 3,
            "book": 3,
            "list_bookings": 2,
            "cancel": 2,
            "renew_token": 1,
        },
    ),
    # Looks whether somebody asked, and answers what is there.
    "Owner": Habit(8, (3, 8), {"answer_requests": 4, "look_at_bookings": 1}),
    # A dashboard that is left open asks every ten seconds.
    "Staff": Habit(2, (8, 12), {"read_metrics": 1}),
}

#: Of the visits, so many are of somebody who has not been here: nothing kept, no cookie.
NEWCOMERS = 1 / 3

#: Of the requests that an owner answers, so many are declined.
DECLINED = 1 / 4

#: Of the bookings, so many are of the first free time, where people meet.
HURRIED = 1 / 2
