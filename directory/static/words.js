// What scripts say, in the language of the page. English needs nothing: its words stand in the scripts.
const page = document.getElementById("script-words");
const words = page ? JSON.parse(page.textContent) : {};

// Where addresses begin, so that they keep the language.
export const root = page?.dataset.root ?? "/";

export function say(text, number) {
  return (words[text] ?? text).replace("{}", String(number));
}
