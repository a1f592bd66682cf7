"""Where the demo's chefs cook: cities with their zone, their money and what chefs charge."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Tariff:
    """What a chef charges, as lowest and highest, in minor units, rounded to `step`."""

    currency: str
    session: tuple[int, int]
    hourly: tuple[int, int]
    guest: tuple[int, int]
    step: int

    def draw(self, rng: Random) -> tuple[int, int, int]:
        """Session, hourly and guest rate; a chef who is dear is dear in all three."""
        standing = rng.betavariate(2, 3)

        def rate(low: int, high: int) -> int:
            return low + round((high - low) * standing / self.step) * self.step

        return rate(*self.session), rate(*self.hourly), rate(*self.guest)


WON = Tariff("KRW", (50_000, 180_000), (30_000, 90_000), (12_000, 45_000), 1_000)
YEN = Tariff("JPY", (6_000, 20_000), (3_500, 9_000), (1_500, 5_500), 100)
EURO = Tariff("EUR", (6_000, 18_000), (3_500, 9_000), (1_200, 4_500), 100)
DOLLAR = Tariff("USD", (9_000, 26_000), (5_500, 13_000), (2_000, 6_500), 500)
POUND = Tariff("GBP", (6_500, 19_000), (4_000, 9_500), (1_500, 5_000), 100)
AUSSIE = Tariff("AUD", (9_500, 26_000), (6_000, 13_500), (2_200, 6_800), 100)


@dataclass(frozen=True)
class Place:
    """A city; `weight` is how many of a hundred generated chefs and customers live there."""

    city: str
    korean: str
    timezone: str
    tariff: Tariff
    weight: int
    people: tuple[str, ...]
    quarters: tuple[str, ...]


PLACES = (
    Place(
        "Seoul",
        "서울",
        "Asia/Seoul",
        WON,
        30,
        ("korean", "korean", "korean", "english"),
        ("Yeonnam", "Mangwon", "Seochon", "Hannam", "Seongsu", "Bukchon", "Itaewon", "Yeonhui"),
    ),
    Place(
        "Busan",
        "부산",
        "Asia/Seoul",
        WON,
        13,
        ("korean",),
        ("Haeundae", "Gwangalli", "Yeongdo", "Jeonpo", "Dalmaji", "Millak"),
    ),
    Place(
        "Jeju",
        "제주",
        "Asia/Seoul",
        WON,
        10,
        ("korean",),
        ("Aewol", "Seogwipo", "Gujwa", "Hallim", "Seongsan", "Jocheon"),
    ),
    Place(
        "Daegu",
        "대구",
        "Asia/Seoul",
        WON,
        5,
        ("korean",),
        ("Samdeok", "Suseong", "Dongin", "Bongsan"),
    ),
    Place(
        "Gyeongju",
        "경주",
        "Asia/Seoul",
        WON,
        4,
        ("korean",),
        ("Hwangnam", "Gyo-dong", "Bomun", "Gampo"),
    ),
    Place(
        "Tokyo",
        "도쿄",
        "Asia/Tokyo",
        YEN,
        7,
        ("japanese", "japanese", "english"),
        ("Yanaka", "Shimokitazawa", "Koenji", "Kagurazaka", "Kiyosumi"),
    ),
    Place(
        "Osaka",
        "오사카",
        "Asia/Tokyo",
        YEN,
        4,
        ("japanese",),
        ("Nakazakicho", "Tenma", "Horie", "Tanimachi"),
    ),
    Place(
        "Paris",
        "파리",
        "Europe/Paris",
        EURO,
        4,
        ("french", "french", "vietnamese"),
        ("Belleville", "the Marais", "Batignolles", "the Butte-aux-Cailles"),
    ),
    Place(
        "Lyon",
        "리옹",
        "Europe/Paris",
        EURO,
        2,
        ("french",),
        ("Croix-Rousse", "Vieux Lyon", "Guillotière", "Monplaisir"),
    ),
    Place(
        "Barcelona",
        "바르셀로나",
        "Europe/Madrid",
        EURO,
        3,
        ("spanish",),
        ("Gràcia", "Poblenou", "Sant Antoni", "Poble-sec"),
    ),
    Place(
        "Lisbon",
        "리스본",
        "Europe/Lisbon",
        EURO,
        3,
        ("portuguese",),
        ("Graça", "Alfama", "Campo de Ourique", "Marvila"),
    ),
    Place(
        "New York",
        "뉴욕",
        "America/New_York",
        DOLLAR,
        5,
        ("english", "spanish", "chinese", "korean"),
        ("Fort Greene", "Jackson Heights", "Astoria", "the East Village", "Sunset Park"),
    ),
    Place(
        "San Francisco",
        "샌프란시스코",
        "America/Los_Angeles",
        DOLLAR,
        3,
        ("english", "chinese", "spanish"),
        ("the Mission", "the Outer Sunset", "Noe Valley", "the Richmond"),
    ),
    Place(
        "London",
        "런던",
        "Europe/London",
        POUND,
        4,
        ("english", "english", "indian"),
        ("Peckham", "Stoke Newington", "Walthamstow", "Brixton", "Tooting"),
    ),
    Place(
        "Melbourne",
        "멜버른",
        "Australia/Melbourne",
        AUSSIE,
        3,
        ("english", "vietnamese", "indian"),
        ("Fitzroy", "Brunswick", "Footscray", "Northcote"),
    ),
)

BY_CITY = {place.city: place for place in PLACES}
