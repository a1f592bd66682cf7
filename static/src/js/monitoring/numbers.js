// Numbers as the server writes them: three digits that tell something, in the page's language.
const LANGUAGE = document.documentElement.lang;

export function written(value, unit) {
  if (value === null || value === undefined) return "–";
  const text = digits(value);
  return unit ? `${text}\u00a0${unit}` : text;
}

function digits(value) {
  const whole = value === Math.round(value);
  const decimals = whole ? 0 : Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(value))), 0), 3);
  return new Intl.NumberFormat(LANGUAGE, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
}

// An axis has little room: 1,200,000 is 1.2M.
export function axisValue(value) {
  if (value === null) return "";
  return new Intl.NumberFormat(LANGUAGE, { notation: "compact", maximumFractionDigits: 2 }).format(value);
}
