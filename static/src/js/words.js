// The page's words for what script says, already in its language.
const source = document.getElementById("words");

export const words = source ? source.dataset : {};

// say("left", "12:03") fills "{time} left".
export function say(key, time) {
  return (words[key] ?? "{time}").replace("{time}", time);
}
