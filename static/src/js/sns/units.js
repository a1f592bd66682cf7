// How long a text is in the unit of a network: the same as sns/text/units.py, which has the last
// word.
const LINK = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"\p{Cc}]+/giu;
const MENTION =
  /(?<![\p{L}\p{N}_@=/.])@([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)(@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)?/gu;
const ENDS_SENTENCE = ".,;:!?…'\"*_~。、！？";
const CLOSING = { ")": "(", "]": "[", "}": "{", "」": "「", "）": "（" };
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// `rules` are a counter's data: unit, urlLength and countsMentionDomain.
export function measure(text, rules) {
  const counted = asCounted(text, rules);
  return rules.unit === "graphemes" ? graphemes(counted) : [...counted].length;
}

function graphemes(text) {
  let count = 0;
  for (const _ of GRAPHEMES.segment(text)) count += 1;
  return count;
}

function asCounted(text, { urlLength, countsMentionDomain }) {
  if (!urlLength && countsMentionDomain !== "False") return text;
  const kept = [];
  let counted = text.replace(LINK, (found) => {
    const link = withoutPunctuation(found);
    kept.push("x".repeat(urlLength ? Number(urlLength) : [...link].length));
    return `\u0000${found.slice(link.length)}`;
  });
  if (countsMentionDomain === "False") counted = counted.replace(MENTION, "@$1");
  return counted.replace(/\u0000/g, () => kept.shift() ?? "");
}

function withoutPunctuation(link) {
  let end = link;
  while (end) {
    const last = end.at(-1);
    const opening = CLOSING[last];
    const unopened = opening && end.split(last).length > end.split(opening).length;
    if (!ENDS_SENTENCE.includes(last) && !unopened) break;
    end = end.slice(0, -1);
  }
  return end;
}
