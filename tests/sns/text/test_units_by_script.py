"""What counts while one writes (static/src/js/sns/units.js) counts as the server does."""

import json
import shutil
import subprocess

import pytest
from django.conf import settings
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sns.networks import NETWORKS
from sns.text.units import measure

SCRIPT = settings.BASE_DIR / "static" / "src" / "js" / "sns" / "units.js"
RUN = """
import { measure } from %s;
const { texts, rules } = JSON.parse(process.argv[1]);
console.log(JSON.stringify(texts.map((text) => measure(text, rules))));
"""
PIECES = st.sampled_from(
    [
        "https://a.example/b_(c)",
        "(https://a.example/맛).",
        "http://b.example?x=@ana#y!",
        "@ana@b.example",
        "@ana.b.example,",
        "ana@b.example",
        "#김치",
        "👨‍👩‍👧‍👦",
        "🇰🇷🇩🇪",
        "e\u0301",
        "\u1100\u1161\u11a8",
        "क्षि",
        "word",
        " ",
        "\n",
        "「",
        "」",
    ]
)
TEXTS = st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=100, max_size=150)

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node")


def measured_by_script(texts, rules):
    shown = {
        "unit": rules.unit,
        "urlLength": str(rules.url_length or ""),
        "countsMentionDomain": str(rules.counts_mention_domain),
    }
    told = json.dumps({"texts": texts, "rules": shown})
    script = RUN % json.dumps(SCRIPT.as_uri())
    command = ["node", "--input-type=module", "-e", script, "--", told]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("network", sorted(NETWORKS))
@hypothesis_settings(max_examples=3, phases=[Phase.generate])
@given(texts=TEXTS)
def test_counts_as_the_server_does(network, texts):
    rules = NETWORKS[network].rules({})
    counted = dict(zip(texts, measured_by_script(texts, rules), strict=True))
    assert counted == {text: measure(text, rules) for text in texts}
