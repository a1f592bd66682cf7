"""What generated chefs say of themselves: a path, a craft, a table and an aside, combined."""

from random import Random

from softfactory.demo.numbers import in_words
from softfactory.demo.places import Place

PATHS = (
    "I learned to cook in {city}, in a kitchen the size of a wardrobe, and have never needed more.",
    "After {years} years in restaurants I wanted to see the faces of the people I feed.",
    "I trained as a nurse, cooked for the night shift, and one day changed my mind.",
    "My grandparents had a stall near {quarter}, and I did my homework under the counter.",
    "I came to {city} for one summer, {years} years ago.",
    "I have cooked on ships, in a mountain hut and for a circus; {quarter} is where I unpacked.",
    "{years} years ago I cooked for a friend's wedding, and I have not had a free Saturday since.",
    "I write about food by day and make it in the evening, which keeps me honest.",
    "I was the youngest of five and the only one allowed near the knives.",
    "I taught chemistry for {years} years. Cooking is the same with better company.",
    "I grew up between two kitchens that did not agree on anything, and took sides with both.",
    "There is a small kitchen garden behind my flat in {quarter}, and most menus start there.",
    "I ran a lunch counter in {quarter} until the lease was up, and took my regulars with me.",
    "I began at the sink, as one should, and worked my way along the line for {years} years.",
    "I fell in love with this food on a bad date {years} years ago. The food stayed.",
    "My first job was opening oysters, my second was carrying fish, and by then I was lost.",
    "I used to build furniture; I still care how things fit together.",
    "I moved to {quarter} with two suitcases, one of which held pans.",
    "I cooked in a school for {years} years. Nobody is harder to please, or easier to make happy.",
    "I am a {city} person through and through and shop where my mother shopped.",
    "I came late to cooking, at forty, and have been hurrying ever since.",
    "I used to drive a food lorry around {city} and know every kerb with a good smell.",
    "A broken ankle and a shelf of cookbooks: that is how this began, {years} years ago.",
    "My father baked, my mother kept the books, and I do both, badly in her opinion.",
)

TABLES = (
    "I bring everything but the stove, and I leave your kitchen as I found it.",
    "Tell me about allergies and grudges and I will cook around both.",
    "Best for four to ten people who like to stay at the table.",
    "I serve in the middle of the table, because passing bowls makes people talk.",
    "Children are welcome in the kitchen and usually end up in charge.",
    "I shop on the morning itself, so the menu may change, never for the worse.",
    "Small kitchens, old ovens and camping stoves have not stopped me yet.",
    "I am happy to explain what I do, and just as happy to be left alone with the onions.",
    "Two courses or seven, as you like; the price is what you see.",
    "I leave you with lunch for the next day, labelled.",
    "If there are vegetarians at your table, they will not get a side dish and an apology.",
    "I am quick, quiet, and I bring my own apron.",
    "For birthdays I need a day's notice and the name, spelled right.",
    "I like long tables, late starts and second helpings.",
    "We settle the menu by message; it takes three of them, not thirty.",
    "I sharpen your knives while the rice rests. It is on the house.",
    "You set the table, I do the rest, and we meet over the last plate.",
    "I keep it simple on weeknights and pull out the good pots on Saturdays.",
)

ASIDES = (
    "On my day off I cook, but slower.",
    "I have strong views on salt and none on football.",
    "My neighbours have never once complained.",
    "I own nineteen wooden spoons and use two.",
    "Ask me about the burnt pan in my hall; it taught me more than any teacher.",
    "I still phone my aunt when a sauce splits.",
    "I sing when things go well. Consider yourself warned.",
    "My bicycle carries forty kilos, and I know because I weighed them.",
    "I have never made the same menu twice and do not plan to begin.",
    "Good bread is half of dinner; the other half is who is there.",
    "I write every menu by hand, and guests tend to keep it.",
    "There will be fruit at the end. There should always be fruit at the end.",
    "Rain is no reason to move the table inside.",
    "I believe in warm plates.",
    "My secret ingredient is starting early.",
    "If you finish everything, I take it personally, in the best way.",
)

CRAFTS = {
    "Korean": (
        "My soy sauce is three years old, my chilli paste two, and I would not swap either.",
        "I make soups that take all day and side dishes that take a minute, and you want both.",
        "I ferment in clay jars on the roof and choose the kimchi by the weather.",
        "Grilled things at the table, greens in sesame, and always a pot of rice with its crust.",
    ),
    "Japanese": (
        "I make two stocks every morning and build the evening on them.",
        "Five small courses, one of them raw, one of them fried, one of them a surprise.",
        "I cut fish as I was taught, with the long knife and without talking.",
        "Home food rather than theatre: pickles, grilled fish, something simmered, good rice.",
    ),
    "Chinese": (
        "My wok travels with its own burner, and yes, it is loud.",
        "I pleat dumplings by the hundred and can teach you in ten minutes.",
        "Cold dishes first, a whole fish, something braised since noon, and noodles at the end.",
        "I cook the food of the north: wheat, vinegar, lamb, cumin, smoke.",
    ),
    "Italian": (
        "Pasta by hand, sauces by patience, and no cream where none belongs.",
        "I bake focaccia while you pour the first glass, and the rest follows.",
        "A cook's Italy: beans, greens, anchovies, one good roast and a lot of lemon.",
        "I stir risotto in front of everybody and take volunteers.",
    ),
    "French": (
        "Bistro food: a terrine, something braised, a tart that is still warm.",
        "I make stock the way other people make coffee, daily and without thinking.",
        "Butter, shallots, a bottle of wine in the pot and another beside it.",
        "Market cooking with proper sauces, minus the starched napkins.",
    ),
    "Mexican": (
        "I soak and grind my own corn; everything else is only what goes on top.",
        "Salsas in five colours, meat in banana leaves, lime on everything.",
        "My mole has twenty-eight ingredients and takes two days, neither of which is negotiable.",
        "I set up a taco line that moves fast and a table that does not.",
    ),
    "Indian": (
        "I roast and grind the spices as I need them, so you will smell me coming.",
        "A thali with eight small bowls, because choosing is no fun.",
        "Breads come off the fire one by one, and you eat them as they come.",
        "Vegetables are the main thing where I come from, and you will see why.",
    ),
    "Vietnamese": (
        "Herbs by the armful, broth that is clear, and fish sauce I am picky about.",
        "You roll your own at the table; I keep the plates coming.",
        "Street food from a proper kitchen: grilled, pickled, crisp and cold all at once.",
        "I simmer bones overnight and skim them like a hobby.",
    ),
    "Thai": (
        "I pound my curry pastes by hand; it is my only sport.",
        "Sour, salty, sweet and hot, in that order, adjusted at your table.",
        "Food from the north-east: sticky rice, grilled chicken, salads that fight back.",
        "I will ask how hot, and then I will ask again.",
    ),
    "Middle Eastern": (
        "A dozen cold plates, bread from your own oven, and one slow shoulder of lamb.",
        "I cook with sumac, pomegranate, tahini and my grandmother's opinion.",
        "Rice with a crust, turned out in one piece, or we do not speak of it.",
        "Everything is on the table when you sit down, and nothing is in a hurry.",
    ),
    "Spanish": (
        "Rice in a wide pan, over fire if you have room, with nothing in it that should not be.",
        "I cook tapas, which is to say that you never stop eating and never feel full.",
        "Good tinned fish, better tomatoes, an omelette that runs a little.",
        "I grill octopus, leeks and whole fish, and make a sauce for each.",
    ),
    "Vegan": (
        "All plants, no preaching: I want you to forget to ask.",
        "I smoke, pickle, roast and ferment until a carrot is the best thing on the table.",
        "Temple food and market vegetables, seasoned with things I have aged myself.",
        "My stock is mushrooms, kelp and time.",
    ),
}


def write_bio(rng: Random, *, place: Place, cuisine: str) -> str:
    """A bio of three or four sentences for a chef of this cuisine at this place."""
    path = rng.choice(PATHS).format(
        city=place.city, quarter=rng.choice(place.quarters), years=in_words(rng.randint(4, 22))
    )
    sentences = [path[0].upper() + path[1:], rng.choice(CRAFTS[cuisine]), rng.choice(TABLES)]
    if rng.random() < 0.6:
        sentences.append(rng.choice(ASIDES))
    return " ".join(sentences)
