"""Numbers as one writes them in a sentence."""

# fmt: off
WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty", "twenty-one", "twenty-two",
)
# fmt: on


def in_words(number: int) -> str:
    """Return "four" for 4, and digits for what is above 22."""
    return WORDS[number] if number < len(WORDS) else str(number)
