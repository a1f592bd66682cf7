"""Given and family names of the demo's people, by the part of the world they come from."""

from random import Random

GIVEN = {
    "korean": (
        "Seo-yeon Ji-woo Ha-eun Min-seo Ye-jin Su-bin Ji-hye Eun-ji Yu-na Bo-ra Mi-kyung Young-hee "
        "Min-jun Do-yun Ji-ho Jun-seo Hyun-woo Sung-min Tae-yang Jae-hyun Dong-hyun Woo-jin "
        "Kyung-soo In-ho"
    ),
    "japanese": (
        "Aoi Yui Haruka Sakura Mio Rin Natsuki Emi Kaori Yoko Tomoko Chihiro Ren Haruto Sota Yuto "
        "Kaito Daiki Kenji Takumi Hiroshi Shun Satoshi Naoki"
    ),
    "chinese": (
        "Wei Mei Xiaoyu Jing Lian Ying Hui Qing Fang Yan Ming Jun Hao Tao Bo Feng Kai Zhen "
        "Grace Vivian Calvin Jason Winnie Edmund"
    ),
    "italian": (
        "Giulia Chiara Francesca Martina Elisa Silvia Paola Caterina Bianca Ilaria Marco Luca "
        "Matteo Andrea Paolo Davide Stefano Nicola Enrico Pietro"
    ),
    "french": (
        "Camille Lucie Manon Chloé Juliette Élodie Margaux Solène Agnès Clémence Hugo Louis Théo "
        "Antoine Mathieu Bastien Rémi Guillaume Olivier Étienne"
    ),
    "spanish": (
        "Lucía Carmen Paula Marta Ximena Beatriz Rocío Alma Inés Valeria Pablo Diego Javier "
        "Mateo Iker Andrés Joaquín Emilio Raúl Tomás"
    ),
    "portuguese": (
        "Mariana Inês Teresa Beatriz Leonor Joana Catarina Filipa Rita Sofia João Tiago Duarte "
        "Miguel Rui Nuno Vasco Henrique Gonçalo Luís"
    ),
    "indian": (
        "Priya Ananya Kavita Meera Lakshmi Nandini Harpreet Shreya Deepa Radhika Arjun Rohan "
        "Vikram Sanjay Karthik Imran Gurdeep Rahul Anil Farhan"
    ),
    "thai": (
        "Ploy Fah Nok Mali Kanya Suda Pim Orathai Ratana Wan Somchai Niran Anan Krit Chai Prasert "
        "Tawan Pong Kiet Arthit"
    ),
    "vietnamese": (
        "Linh Mai Lan Huong Thao Ngoc Trang Hoa Yen Phuong Minh Duc Tuan Quang Bao Khanh Long Huy "
        "Son Thanh"
    ),
    "levantine": (
        "Rania Layla Nour Yasmin Salma Dima Hala Elif Zeynep Maryam Karim Omar Sami Tarek Emre "
        "Ziad Faris Bilal Kerem Hadi"
    ),
    "english": (
        "Emma Olivia Hannah Nora Maya Tess Claire Imogen Abigail Ruth Jack Oliver Samuel Theo "
        "Marcus Daniel Owen Felix Isaac Kofi Amara Zadie Desmond Wren"
    ),
}

FAMILY = {
    "korean": (
        "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Ryu "
        "Hong Jeon Ko Moon Yang Bae Baek Heo Nam Noh Ha"
    ),
    "japanese": (
        "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida "
        "Yamada Sasaki Matsumoto Inoue Kimura Hayashi Shimizu Mori Abe Ikeda Hashimoto Ogawa Ueda"
    ),
    "chinese": (
        "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo Lin He Gao Luo Kwok "
        "Leung Chan Tsai"
    ),
    "italian": (
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Conti Gallo Costa "
        "Fontana Rinaldi Caruso Ferraro Galli Mancini Barbieri"
    ),
    "french": (
        "Martin Bernard Dubois Moreau Laurent Simon Michel Lefèvre Leroy Roux Fournier Girard "
        "Bonnet Mercier Garnier Faure Rousseau Chevalier Lambert Perrin"
    ),
    "spanish": (
        "García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Vidal Serra Robles "
        "Navarro Molina Delgado Ortega Castillo Reyes Quiroga Cota"
    ),
    "portuguese": (
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Fernandes Gonçalves Gomes "
        "Lopes Marques Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia"
    ),
    "indian": (
        "Sharma Patel Singh Gupta Iyer Nair Reddy Mehta Rao Das Banerjee Chatterjee Gill Kapoor "
        "Menon Desai Joshi Khan Qureshi Pillai"
    ),
    "thai": (
        "Saetang Srisuk Wongsakul Chaiyasit Boonmee Thongchai Rattana Suwan Phanit Kittikul "
        "Prasert Intharat Somboon Charoen Manee Sukjai"
    ),
    "vietnamese": (
        "Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do Ho Ngo Duong Ly Dao Truong Dinh Mai Lam Cao"
    ),
    "levantine": (
        "Haddad Khoury Nassar Mansour Saleh Aziz Farah Najjar Sabbagh Hakim Demir Yılmaz Kaya "
        "Aydın Öztürk Karimi Rahimi Shaheen Darwish Azar"
    ),
    "english": (
        "Walker Hughes Bennett Clarke Morgan Foster Reid Okafor Mensah Brooks Hartley Sullivan "
        "Doyle Price Fletcher Gibson Marsh Ellery Whitlock Pike Adeyemi Campbell Nolan Shaw"
    ),
}

# Koreans who use the site in Korean write their names the Korean way.
HANGUL_FAMILY = "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍 전 고 문 양 배"
HANGUL_GIVEN = (
    "서연 지우 하은 민서 예진 수빈 지혜 은지 유나 보라 미경 영희 다인 소율 채원 "
    "민준 도윤 지호 준서 현우 성민 태양 재현 동현 우진 경수 인호 시우 건우 은호"
)


def draw_name(rng: Random, people: str) -> str:
    """A name in Latin letters, given name first: "Seo-yeon Kim"."""
    return f"{rng.choice(GIVEN[people].split())} {rng.choice(FAMILY[people].split())}"


def draw_hangul_name(rng: Random) -> str:
    """A Korean name in Hangul, family name first: "김서연"."""
    return rng.choice(HANGUL_FAMILY.split()) + rng.choice(HANGUL_GIVEN.split())
