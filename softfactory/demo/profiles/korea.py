"""Hand-written chefs who cook in Korea."""

from softfactory.demo.profiles.profile import Profile

KOREA = (
    Profile(
        name="Ben Hwang",
        city="Seoul",
        cuisine="Korean",
        picture="bibimbap",
        session=90_000,
        hourly=55_000,
        guest=22_000,
        bio=(
            "I grew up above my parents' banchan shop in Mangwon and still think dinner should have"
            " at least nine small plates. After ten years on hotel lines I cook in homes now, where"
            " I can see who is reaching for seconds. Tell me what you loved as a child and I will"
            " try to put it in the bibimbap."
        ),
    ),
    Profile(
        name="Mi-sook Yang",
        city="Jeju",
        cuisine="Korean",
        picture="abalone-porridge",
        session=80_000,
        hourly=45_000,
        guest=28_000,
        bio=(
            "My mother dived for abalone off Gujwa until she was seventy-four, and I learned to"
            " cook what she carried home. The menu is whatever the haenyeo bring up that morning;"
            " if the sea is rough, we eat barley and greens and nobody complains."
        ),
    ),
    Profile(
        name="Soo-ah Lim",
        city="Busan",
        cuisine="Korean",
        picture="haemul-pajeon",
        session=60_000,
        hourly=40_000,
        guest=16_000,
        instant=True,
        bio=(
            "I buy from the same three aunties at Jagalchi whom my grandmother bought from, and"
            " they scold me if I come late. Pajeon, raw crab in soy, a pot of something spicy for"
            " the rain. I bring the makgeolli bowls."
        ),
    ),
    Profile(
        name="Jae-seok Bae",
        city="Daegu",
        cuisine="Korean",
        picture="galbi",
        session=70_000,
        hourly=45_000,
        guest=25_000,
        bio=(
            "Daegu likes its short ribs red with garlic and chilli, hammered into dented tin bowls,"
            " and so do I. I ran a place in Dongin-dong for eleven years, sold it, slept for a"
            " month, and missed feeding people. Bring a big table and a fan."
        ),
    ),
    Profile(
        name="Giulia Ferraro",
        city="Seoul",
        cuisine="Italian",
        picture="pasta",
        session=120_000,
        hourly=70_000,
        guest=30_000,
        bio=(
            "I came from Bologna for a language exchange in 2014 and stayed for the persimmons."
            " I roll tagliatelle at your table, with eggs from a farm in Yangpyeong whose yolks"
            " are nearly as yellow as home. Children may crank the machine; adults must ask."
        ),
    ),
    Profile(
        name="Hye-jin Noh",
        city="Seoul",
        cuisine="Korean",
        picture="kimchi-jjigae",
        session=55_000,
        hourly=38_000,
        guest=14_000,
        instant=True,
        bio=(
            "Weeknight food, done properly. I keep four kimchis of different ages and choose the"
            " stew by the weather, then leave you a fridge with three days of banchan in it. Most"
            " of my guests are new parents, and I am very quiet."
        ),
    ),
    Profile(
        name="Do-hyun Ko",
        city="Jeju",
        cuisine="Korean",
        picture="black-pork",
        session=100_000,
        hourly=55_000,
        guest=32_000,
        bio=(
            "I raise eleven black pigs above Hallim and cook them over tangerine wood that my uncle"
            " prunes every February. I arrive two hours early to get the embers right, and I need"
            " a yard, a balcony or a forgiving neighbour."
        ),
    ),
    Profile(
        name="Daiki Yamane",
        city="Seoul",
        cuisine="Japanese",
        picture="ramen",
        session=65_000,
        hourly=42_000,
        guest=18_000,
        max_guests=32,
        instant=True,
        bio=(
            "The broth starts at my flat in Mangwon the evening before and finishes on your stove."
            " I studied architecture in Sapporo and still draw every bowl before I build it."
            " Minimum two bowls, no maximum; the record is thirty-one at a wedding after-party."
        ),
    ),
    Profile(
        name="Soon-rye Choi",
        city="Gyeongju",
        cuisine="Vegan",
        picture="garden-bowl",
        session=60_000,
        hourly=40_000,
        guest=20_000,
        bio=(
            "I cooked for the nuns at a hermitage below Namsan for nine years: no garlic, no onion,"
            " no hurry. Everything comes from within a morning's walk, and I will tell you the name"
            " of each leaf. People who say they need meat have usually stopped by the third bowl."
        ),
    ),
    Profile(
        name="Wei-lin Chang",
        city="Seoul",
        cuisine="Chinese",
        picture="mapo-tofu",
        session=75_000,
        hourly=48_000,
        guest=20_000,
        bio=(
            "Third generation in Yeonhui-dong, where my grandfather opened with six stools in 1958."
            " He cooked Shandong; I fell for Sichuan, and he forgave me after the first mapo tofu."
            " I grind the peppercorns in your kitchen, so open a window."
        ),
    ),
    Profile(
        name="Elisa Ricci",
        city="Busan",
        cuisine="Italian",
        picture="tiramisu",
        session=70_000,
        hourly=46_000,
        guest=19_000,
        bio=(
            "A pastry chef from Treviso with a view of Gwangan Bridge. I cook a short supper so"
            " that everybody still has room: the tiramisu comes in my aunt's bowl, for twelve,"
            " whether you are twelve or four. You keep what is left; I keep the bowl."
        ),
    ),
    Profile(
        name="Emre Aydın",
        city="Seoul",
        cuisine="Middle Eastern",
        picture="hummus",
        session=70_000,
        hourly=44_000,
        guest=18_000,
        instant=True,
        bio=(
            "I am from Antakya, where people argue about hummus the way others argue about"
            " football. Fourteen cold plates, three warm ones, bread from your own oven, and I do"
            " not leave until the tea is finished. Halal, and happy to explain the label."
        ),
    ),
    Profile(
        name="Ploy Siriwat",
        city="Busan",
        cuisine="Thai",
        picture="pad-thai",
        session=55_000,
        hourly=38_000,
        guest=15_000,
        bio=(
            "My family sold pad thai from a boat in Amphawa, forty plates before school. I moved"
            " here for love and for the fish market. Heat goes from one chilli to five, and I mean"
            " Thai chillies, so please be honest with me and with yourself."
        ),
    ),
    Profile(
        name="Gwen Le Goff",
        city="Seoul",
        cuisine="French",
        picture="crepe",
        session=60_000,
        hourly=42_000,
        guest=16_000,
        bio=(
            "Breton, from Quimper, with two cast-iron plates that weigh more than my suitcase did."
            " Buckwheat from Bongpyeong turns out to be better than ours, which I have not told my"
            " mother. Savoury first, butter and sugar after, cider if you can find it."
        ),
    ),
    Profile(
        name="Iker Zubiri",
        city="Seoul",
        cuisine="Spanish",
        picture="paella",
        session=130_000,
        hourly=75_000,
        guest=34_000,
        bio=(
            "I cooked in San Sebastián, in kitchens with more tweezers than knives, and was"
            " happiest at the staff meal. So that is what I make: rice with the crust, octopus,"
            " a cheesecake burnt on purpose. For six or more my pan barely fits the lift."
        ),
    ),
    Profile(
        name="Thao Dao",
        city="Daegu",
        cuisine="Vietnamese",
        picture="banh-mi",
        session=50_000,
        hourly=35_000,
        guest=13_000,
        instant=True,
        bio=(
            "I bake the rolls at five, because a banh mi that does not shatter is only a sandwich."
            " Lunch tables, office parties, picnics on Suseong Lake: I set up in twenty minutes and"
            " pack up in ten. The pâté is my father's, and he has not told me everything."
        ),
    ),
    Profile(
        name="Jun-ho Seo",
        city="Jeju",
        cuisine="Vegan",
        picture="garden-bowl",
        session=85_000,
        hourly=50_000,
        guest=24_000,
        bio=(
            "I came to Aewol to surf and ended up with a greenhouse. Carrots from black soil,"
            " tangerine in everything from January to March, and a mushroom broth I would put"
            " against any bone. I cook vegan because I can; you need no reason at all."
        ),
    ),
)
