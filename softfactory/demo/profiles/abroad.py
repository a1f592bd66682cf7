"""Hand-written chefs who cook outside Korea."""

from softfactory.demo.profiles.profile import Profile

ABROAD = (
    Profile(
        name="Haruka Sato",
        city="Tokyo",
        cuisine="Japanese",
        picture="sushi",
        session=18_000,
        hourly=8_000,
        guest=5_200,
        bio=(
            "I was the first woman behind a counter in Kagurazaka where I was told to wash rice for"
            " three years; I washed it for four, to be sure. Fourteen pieces, one at a time, from"
            " what Toyosu had at dawn. Please do not wear perfume."
        ),
    ),
    Profile(
        name="Montserrat Vidal",
        city="Barcelona",
        cuisine="Spanish",
        picture="paella",
        session=11_000,
        hourly=6_000,
        guest=2_800,
        bio=(
            "Sunday rice, any day of the week. I cook on terraces all over Poblenou with my"
            " father's burner, rabbit and snails if you dare, artichokes in spring. Rice waits for"
            " nobody, so I will call you to the table once, loudly."
        ),
    ),
    Profile(
        name="Lucie Garnier",
        city="Lyon",
        cuisine="French",
        picture="coq-au-vin",
        session=10_500,
        hourly=5_500,
        guest=3_000,
        bio=(
            "I am the third Garnier woman to make quenelles for a living and the first to do it out"
            " of a rucksack. Expect a bouchon supper: leeks, a coq au vin begun two days before,"
            " a cheese that needs a window. I wash up properly, copper included."
        ),
    ),
    Profile(
        name="Ximena Robles",
        city="San Francisco",
        cuisine="Mexican",
        picture="tacos",
        session=16_000,
        hourly=9_000,
        guest=3_500,
        max_guests=40,
        instant=True,
        bio=(
            "Al pastor from a trompo that fits on a balcony, tortillas from corn I soak and grind"
            " the night before. I was a line cook in the Mission for twelve years and can feed"
            " forty without raising my voice. Kids press tortillas; it keeps them busy for hours."
        ),
    ),
    Profile(
        name="Priya Raghavan",
        city="London",
        cuisine="Indian",
        picture="curry",
        session=9_500,
        hourly=5_500,
        guest=2_600,
        bio=(
            "Food from the Malabar coast, which is fish, coconut, curry leaf and rain. I left a law"
            " firm at thirty-five with a recipe book in my grandmother's handwriting and no plan."
            " On weekends I serve it on banana leaves and you eat with your hands, or I stare."
        ),
    ),
    Profile(
        name="Kenta Mori",
        city="Osaka",
        cuisine="Japanese",
        picture="tempura",
        session=12_000,
        hourly=6_000,
        guest=3_800,
        bio=(
            "Tempura is forty seconds of attention, then it is too late, so I fry standing in front"
            " of you and you eat when I say. Mountain greens in April, sweet whitebait in summer,"
            " one enormous prawn always. Osaka jokes are included and cannot be switched off."
        ),
    ),
    Profile(
        name="Rania Haddad",
        city="Lisbon",
        cuisine="Middle Eastern",
        picture="mezze",
        session=9_000,
        hourly=5_000,
        guest=2_400,
        instant=True,
        bio=(
            "I packed my mother's spice tins in Beirut and unpacked them in Graça. I lay the whole"
            " table before you sit down, because mezze is a conversation and nobody should wait for"
            " a turn to speak. Vegetarians eat better than anyone here."
        ),
    ),
    Profile(
        name="Grace Kwok",
        city="San Francisco",
        cuisine="Chinese",
        picture="dim-sum",
        session=20_000,
        hourly=11_000,
        guest=4_800,
        bio=(
            "My Po Po pleated har gow in Stockton Street until her eyes went, then taught me to do"
            " it by touch. I roll, fill and steam in front of you, eleven kinds on a Sunday. Bring"
            " grandparents: they get the first basket and the last word."
        ),
    ),
    Profile(
        name="Mathieu Roussel",
        city="Paris",
        cuisine="French",
        picture="bouillabaisse",
        session=16_000,
        hourly=8_500,
        guest=4_200,
        bio=(
            "A Marseillais in Batignolles, homesick every Friday, which is when the fish van comes."
            " Bouillabaisse in two services, as it must be, with rouille that bites back. I like"
            " a table of six or more for it: fewer of us, fewer kinds of fish, and that is a pity."
        ),
    ),
    Profile(
        name="Paolo Conti",
        city="New York",
        cuisine="Italian",
        picture="margherita",
        session=19_000,
        hourly=10_000,
        guest=4_000,
        bio=(
            "I drive a small oven called Assunta around Brooklyn; she reaches 480 degrees"
            " and so, on some evenings, do I. Dough rests three days, tomatoes come from my cousin,"
            " and ninety seconds later it is dinner. Driveways, roofs and wide pavements welcome."
        ),
    ),
    Profile(
        name="Harpreet Gill",
        city="Melbourne",
        cuisine="Indian",
        picture="tandoori",
        session=15_000,
        hourly=8_000,
        guest=3_400,
        max_guests=60,
        instant=True,
        bio=(
            "My tandoor is an old clay pot on a trailer, and it has been to more weddings than the"
            " priest. I do Punjabi food with a lot of smoke and very little cream. If you have room"
            " to park and a hose nearby, I can feed you."
        ),
    ),
    Profile(
        name="Linh Tran",
        city="Paris",
        cuisine="Vietnamese",
        picture="pho",
        session=9_000,
        hourly=5_000,
        guest=2_200,
        bio=(
            "Pho the Hanoi way: a clear broth, few herbs, no arguments. I started cooking for"
            " homesick students in Belleville, on two electric rings, and some of them bring their"
            " children now. I also do the thing with turmeric fish and an unreasonable lot of dill."
        ),
    ),
    Profile(
        name="Marta Brambilla",
        city="Melbourne",
        cuisine="Italian",
        picture="risotto",
        session=17_500,
        hourly=9_500,
        guest=4_200,
        bio=(
            "Milanese by birth, Fitzroy by accident. I make risotto for people who think they"
            " dislike it, and I make you stir, because that is where the talk happens. Saffron in"
            " winter, peas and mint in October, bone marrow for the brave."
        ),
    ),
    Profile(
        name="Beatriz Cota",
        city="New York",
        cuisine="Mexican",
        picture="ceviche",
        session=21_000,
        hourly=11_500,
        guest=5_200,
        bio=(
            "I come from Mazatlán, where lunch is whatever was swimming at breakfast. Aguachile,"
            " ceviche, smoked marlin tostadas: cold food for hot apartments. I bring the ice, the"
            " knives and a playlist that my neighbours know by heart."
        ),
    ),
    Profile(
        name="Guang Liu",
        city="London",
        cuisine="Chinese",
        picture="peking-duck",
        session=15_500,
        hourly=8_000,
        guest=4_400,
        bio=(
            "One duck takes me three days and one hook in your shower, which we should discuss in"
            " advance. I trained in Beijing, worked twenty years in Soho basements, and like"
            " daylight now. Skin first with sugar, then pancakes, then soup from what is left."
        ),
    ),
)
