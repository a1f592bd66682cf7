"""What the demo's chefs cook: cuisines with their dishes, and what guests say of each dish."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dish:
    """A dish in English and Korean; `praise` completes “The … was”, `picture` is its drawing."""

    name: str
    korean: str
    praise: str
    picture: str = ""


@dataclass(frozen=True)
class Cuisine:
    """A cuisine; `weight` is how many of a hundred generated chefs cook it."""

    name: str
    weight: int
    people: str
    dishes: tuple[Dish, ...]

    @property
    def pictures(self) -> tuple[str, ...]:
        return tuple(dish.picture for dish in self.dishes if dish.picture)


CUISINES = (
    Cuisine(
        "Korean",
        30,
        "korean",
        (
            Dish("bibimbap", "비빔밥", "a different thing in every spoonful", "bibimbap"),
            Dish("kimchi jjigae", "김치찌개", "sour, deep and gone in minutes", "kimchi-jjigae"),
            Dish("galbi", "갈비", "sweet at the edges and pink at the bone", "galbi"),
            Dish("seafood pajeon", "해물파전", "all crackle and spring onion", "haemul-pajeon"),
            Dish("black pork", "흑돼지구이", "smoky, with fat like butter", "black-pork"),
            Dish("abalone porridge", "전복죽", "green, briny and quiet", "abalone-porridge"),
            Dish("japchae", "잡채", "glossy, springy and not a bit greasy"),
            Dish("braised mackerel", "고등어조림", "soft to the bone, with radish I would steal"),
            Dish("kimchi", "김치", "made by the chef, and it showed"),
        ),
    ),
    Cuisine(
        "Japanese",
        13,
        "japanese",
        (
            Dish("nigiri", "초밥", "warm rice, cool fish and silence at the table", "sushi"),
            Dish("ramen", "라멘", "worth the eighteen hours it took", "ramen"),
            Dish("tempura", "튀김", "so light it left no mark on the paper", "tempura"),
            Dish("chawanmushi", "차완무시", "barely set, like a warm cloud"),
            Dish("grilled eel", "장어구이", "lacquered like a violin"),
            Dish("miso aubergine", "된장 가지구이", "sweet, smoky and eaten with a spoon"),
            Dish("dashi omelette", "다시마키", "still trembling when it reached us"),
        ),
    ),
    Cuisine(
        "Chinese",
        9,
        "chinese",
        (
            Dish("har gow", "하가우", "pleated so finely that we counted", "dim-sum"),
            Dish("mapo tofu", "마파두부", "numbing, red and hard to leave alone", "mapo-tofu"),
            Dish("Peking duck", "베이징덕", "carved at the table, skin like glass", "peking-duck"),
            Dish("steamed sea bass", "농어찜", "cooked to the second"),
            Dish("dan dan noodle", "탄탄면", "nutty first and fiery after"),
            Dish("salt-and-pepper squid", "오징어 튀김", "hot, crisp and fought over"),
            Dish("smashed cucumber", "오이무침", "cold and sharp, just when we needed it"),
        ),
    ),
    Cuisine(
        "Italian",
        13,
        "italian",
        (
            Dish("tagliatelle", "탈리아텔레", "rolled in front of us, silky and yellow", "pasta"),
            Dish("risotto", "리소토", "loose, glossy and stirred by all of us in turn", "risotto"),
            Dish("margherita", "마르게리타", "blistered, floppy and perfect", "margherita"),
            Dish("tiramisu", "티라미수", "served from the bowl with a big spoon", "tiramisu"),
            Dish("porchetta", "포르케타", "all fennel and crackling"),
            Dish("vitello tonnato", "비텔로 톤나토", "the dish I did not expect to love"),
            Dish("focaccia", "포카치아", "salty, dimpled and still warm"),
        ),
    ),
    Cuisine(
        "French",
        8,
        "french",
        (
            Dish("bouillabaisse", "부야베스", "a harbour in two courses", "bouillabaisse"),
            Dish("coq au vin", "코코뱅", "dark, glossy and two days in the making", "coq-au-vin"),
            Dish("buckwheat crêpe", "메밀 크레페", "lacy at the rim, buttery inside", "crepe"),
            Dish("leek vinaigrette", "대파 비네그레트", "humble and better than the steak"),
            Dish("quenelle", "크넬", "a soufflé pretending to be a fish"),
            Dish("gratin dauphinois", "감자 그라탱", "scraped clean, corners first"),
            Dish("tarte Tatin", "타르트 타탱", "turned out in one go, to applause"),
        ),
    ),
    Cuisine(
        "Mexican",
        5,
        "spanish",
        (
            Dish("al pastor taco", "알파스토르 타코", "pineapple, char and lime", "tacos"),
            Dish("ceviche", "세비체", "bright enough to wake the table", "ceviche"),
            Dish("mole negro", "몰레 네그로", "bitter, sweet and thirty things deep"),
            Dish("cochinita pibil", "코치니타 피빌", "falling apart in its banana leaf"),
            Dish("esquites", "에스키테스", "corn I now try to copy every weekend"),
            Dish("tres leches", "트레스 레체스", "soaked through and still light"),
        ),
    ),
    Cuisine(
        "Indian",
        5,
        "indian",
        (
            Dish("fish curry", "생선 커리", "sour with kokum and full of coconut", "curry"),
            Dish("tandoori chicken", "탄두리 치킨", "black at the tips, juicy within", "tandoori"),
            Dish("dal makhani", "달 마카니", "slow, smoky and plain in the best way"),
            Dish("masala dosa", "마살라 도사", "as long as my arm, and shattering"),
            Dish("lamb biryani", "양고기 비리야니", "opened at the table in a cloud of steam"),
            Dish("mango kulfi", "망고 쿨피", "dense, cold and gone too soon"),
        ),
    ),
    Cuisine(
        "Vietnamese",
        3,
        "vietnamese",
        (
            Dish("pho", "쌀국수", "clear as tea, with a whole garden beside it", "pho"),
            Dish("banh mi", "반미", "loud to bite and generous with pâté", "banh-mi"),
            Dish("bun cha", "분짜", "smoke, herbs and sweet fish sauce"),
            Dish("turmeric fish with dill", "짜까", "sizzling, yellow and buried in dill"),
            Dish("fresh summer roll", "월남쌈", "rolled by our children, eaten by us"),
        ),
    ),
    Cuisine(
        "Thai",
        4,
        "thai",
        (
            Dish("pad thai", "팟타이", "tamarind first, sugar last", "pad-thai"),
            Dish("green papaya salad", "쏨땀", "pounded in front of us, as hot as we dared"),
            Dish("massaman curry", "마사만 커리", "gentle, nutty and three hours in the pot"),
            Dish("tom yum", "똠얌", "sharp enough to clear a head"),
            Dish("mango sticky rice", "망고 찹쌀밥", "salty, sweet and quiet"),
        ),
    ),
    Cuisine(
        "Middle Eastern",
        4,
        "levantine",
        (
            Dish("mezze", "메제", "fourteen small plates and no room for elbows", "mezze"),
            Dish("hummus", "후무스", "warm, and nothing like the tub", "hummus"),
            Dish("lamb shoulder", "양 어깨살 구이", "carved with a spoon"),
            Dish("fattoush", "파투시", "sour with sumac and full of crunch"),
            Dish("upside-down rice", "마클루바", "unmoulded while everyone held their breath"),
            Dish("orange-blossom pudding", "오렌지꽃 푸딩", "trembling, cool and scented"),
        ),
    ),
    Cuisine(
        "Spanish",
        3,
        "spanish",
        (
            Dish("paella", "파에야", "thin, dry and crusted at the bottom", "paella"),
            Dish("tortilla", "토르티야", "runny in the middle, on purpose"),
            Dish("grilled octopus", "문어구이", "charred outside and tender within"),
            Dish("salmorejo", "살모레호", "cold, thick and the colour of August"),
            Dish("burnt cheesecake", "바스크 치즈케이크", "black on top and liquid at heart"),
        ),
    ),
    Cuisine(
        "Vegan",
        3,
        "english",
        (
            Dish("garden bowl", "정원 채소볼", "picked that very morning", "garden-bowl"),
            Dish("lotus root", "연근구이", "glazed, crunchy and strangely meaty"),
            Dish("charred cabbage", "양배추구이", "the thing the meat eaters fought for"),
            Dish("mushroom broth", "버섯탕", "darker than any bone broth I know"),
            Dish("cashew cheese", "캐슈 치즈", "good enough to fool my father"),
        ),
    ),
)

BY_NAME = {cuisine.name: cuisine for cuisine in CUISINES}
