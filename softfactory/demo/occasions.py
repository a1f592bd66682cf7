"""Why people book a chef, and what they ask for when they do."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Occasion:
    """An occasion as it stands behind “for …”, and the request that goes with it; Korean beside."""

    name: str
    korean: str
    request: str
    korean_request: str


OCCASIONS = (
    Occasion(
        "my mother's sixtieth birthday",
        "어머니 환갑",
        "It is my mother's sixtieth. She loves seaweed soup but thinks nobody remembers.",
        "어머니 환갑이에요. 미역국을 꼭 부탁드립니다.",
    ),
    Occasion(
        "our anniversary",
        "결혼기념일",
        "Our tenth anniversary, so please no hurry between the courses.",
        "결혼기념일이라 천천히 즐기고 싶어요.",
    ),
    Occasion(
        "a housewarming",
        "집들이",
        "Housewarming: half of the plates are still in boxes, could you bring a few?",
        "집들이라 그릇이 부족해요. 여분을 가져와 주실 수 있을까요?",
    ),
    Occasion(
        "my daughter's first birthday",
        "딸 돌잔치",
        "First birthday. The guest of honour eats mashed things only, the rest of us everything.",
        "아이 돌잔치입니다. 아기 먹을 죽도 조금 부탁드려요.",
    ),
    Occasion(
        "a team dinner",
        "회식",
        "Team dinner after a launch. We will be loud and hungry. Invoice to the company, please.",
        "프로젝트 끝나고 하는 회식이에요. 양을 넉넉하게 부탁드립니다.",
    ),
    Occasion(
        "my father's retirement",
        "아버지 은퇴 기념 식사",
        "My father retires that day. He claims to want no fuss; a little fuss would be right.",
        "아버지 은퇴 축하 자리예요. 평소 좋아하시는 매운탕이 가능할까요?",
    ),
    Occasion(
        "a reunion with old friends",
        "동창 모임",
        "We have not all been in one room for twelve years, so dishes to share, please.",
        "오랜만에 모이는 동창들이에요. 나눠 먹기 좋은 메뉴로 부탁드려요.",
    ),
    Occasion(
        "my sister's engagement",
        "언니 약혼 축하 자리",
        "The two families meet for the first time. Nothing that is eaten with the fingers, please!",
        "양가가 처음 만나는 자리라 정갈한 상차림을 부탁드립니다.",
    ),
    Occasion(
        "dinner with the in-laws",
        "양가 식사",
        "My in-laws eat at six sharp. I am sorry in advance.",
        "양가 식사라 어른들 드실 순한 음식도 있으면 좋겠어요.",
    ),
    Occasion(
        "a birthday that I would rather not count",
        "제 생일",
        "My birthday, but please no singing.",
        "제 생일이에요. 초는 하나만 부탁드릴게요.",
    ),
    Occasion(
        "our last evening in the old flat",
        "이사 전 마지막 저녁",
        "We move out the next morning, so the kitchen has to be empty by ten.",
        "다음 날 이사라 주방이 조금 어수선해요.",
    ),
    Occasion(
        "a lazy weekend lunch",
        "주말 점심",
        "Nothing special, only lunch. We like to eat with our hands.",
        "특별한 날은 아니고 느긋하게 먹고 싶어요.",
    ),
    Occasion(
        "the homecoming of our exchange student",
        "유학 간 아들 귀국",
        "Our son comes home after a year away and dreams about proper food.",
        "아들이 일 년 만에 돌아와요. 집밥 느낌으로 부탁드립니다.",
    ),
    Occasion(
        "my graduation",
        "졸업 축하 자리",
        "Graduation: my grandparents come up from the country and go to bed at nine.",
        "졸업 축하 자리예요. 할머니께서 매운 걸 못 드세요.",
    ),
    Occasion(
        "a quiet evening at home",
        "조용한 저녁 식사",
        "We eat at the small table by the window, and in no hurry.",
        "조용히 먹고 싶어요. 양은 적게, 가짓수는 많게요.",
    ),
    Occasion(
        "the weekend with our book club",
        "독서 모임",
        "Book club. Whatever we plan, we eat an hour late because nobody stops talking.",
        "독서 모임이라 중간중간 집어 먹기 좋은 음식이면 좋겠어요.",
    ),
    Occasion(
        "the first dinner after the baby",
        "아기 낳고 첫 저녁",
        "We have a three-week-old, so please knock and do not ring.",
        "아기가 자고 있어서 초인종 대신 문자 부탁드려요.",
    ),
    Occasion(
        "a farewell for a colleague",
        "동료 송별회",
        "It is a surprise for a colleague, please come in by the back door.",
        "깜짝 송별회예요. 도착하시면 전화 대신 문자 주세요.",
    ),
    Occasion(
        "our family holiday",
        "가족 여행",
        "We are in a rented house: two rings, one oven, no big pots.",
        "펜션이라 큰 냄비가 없어요. 참고 부탁드립니다.",
    ),
    Occasion(
        "my grandmother's visit",
        "할머니 방문",
        "My grandmother is ninety-one and an excellent cook. Do not let her take over.",
        "할머니께서 치아가 약하세요. 부드러운 음식이면 좋겠습니다.",
    ),
)

REQUESTS = (
    "No peanuts or cashews, please: my son carries a pen for it.",
    "One vegetarian, who does eat eggs.",
    "Two of us do not drink, so nothing flambéed at the table.",
    "Gluten-free for one guest. Soy sauce is the usual trap.",
    "Our hob is induction. The left rear one is moody.",
    "There is no lift, and we are on the fourth floor. I will come down and help.",
    "Please ring at number 12; the bell at 14 wakes the dog.",
    "Halal, please.",
    "My partner cannot stand coriander, and I am sorry about it.",
    "Could we help with the cooking? The children would love it.",
    "As spicy as you would make it at home.",
    "Mild for the three little ones.",
    "We have a charcoal grill on the roof if that is of use.",
    "One guest is pregnant, so no raw fish for her.",
    "Please park behind the house; in front they tow.",
    "Less salt than you think right: doctor's orders.",
    "Fish rather than meat if it is a good day at the market.",
    "Surprise us.",
    "We will take care of the wine. Tell me what goes.",
    "Shellfish allergy (one guest, serious). Everything else is welcome.",
    "Can you leave something small in the fridge for the next day?",
    "I have a cat who will claim to have been starved. She has not been.",
    "Lactose is a problem for one of us, butter is fine.",
    "We would like to eat at half past seven, after the children are asleep.",
    "Vegan for everybody this time, if possible.",
)

KOREAN_REQUESTS = (
    "견과류 알레르기가 있는 아이가 있어요. 꼭 빼 주세요.",
    "한 명이 채식해요. 달걀은 괜찮습니다.",
    "인덕션이에요. 참고 부탁드립니다.",
    "엘리베이터가 없는 4층이에요. 짐은 같이 들어 드릴게요.",
    "아이들이 있어서 안 맵게 부탁드려요.",
    "고수는 빼 주세요.",
    "새우 알레르기가 한 명 있습니다.",
    "주차는 건물 뒤쪽에 하시면 됩니다.",
    "간은 조금 싱겁게 부탁드립니다.",
    "남은 음식은 포장해 주실 수 있을까요?",
    "맵게 해 주세요. 아주 맵게요!",
    "아이와 같이 요리해 볼 수 있을까요?",
    "메뉴는 셰프님께 맡길게요.",
    "저녁 일곱 시쯤 식사하고 싶어요.",
    "임신부가 있어서 날것은 피해 주세요.",
)


def draw_request(rng: Random, occasion: Occasion, language: str) -> str:
    """What a customer writes under special requests; nothing in four of ten bookings."""
    in_korean = language == "ko"
    lot = rng.random()
    if lot < 0.4:
        return ""
    if lot < 0.7:
        return occasion.korean_request if in_korean else occasion.request
    return rng.choice(KOREAN_REQUESTS if in_korean else REQUESTS)
