// Asks the next question about coverage without leaving the page: the map stays where it was moved to, and its
// areas are only coloured anew. What is shown is the page that the form leads to where this file does not run.
const CANVAS = ".app-map__canvas";
const FORM = "form.app-ask";
const told = document.createElement("p"); // for those who do not see that the page changed
told.className = "govuk-visually-hidden";
told.setAttribute("role", "status");
document.body.append(told);
const asked = () => location.pathname + location.search;
let shown = asked();
let asking = null;

async function ask(href) {
  asking?.abort();
  asking = new AbortController();
  const main = document.getElementById("main");
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(href, { signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || answer.redirected || !page.querySelector(CANVAS)) throw new Error("not a map of areas");
    show(page, main);
    shown = asked();
  } catch (error) {
    if (error.name !== "AbortError") location.assign(href); // the browser says what is the matter
  }
}

function show(page, main) {
  const focused = main.contains(document.activeElement) ? document.activeElement : null;
  const read = (drawn) => JSON.parse(page.querySelector(`script[data-drawn="${drawn}"]`).textContent);
  const [label, areas] = [read("frame").label, read("choropleth")];
  page.querySelector(CANVAS).replaceWith(main.querySelector(CANVAS));
  document.title = page.title;
  // The links to other languages ask the same question.
  document.querySelector(".app-nav").replaceWith(page.querySelector(".app-nav"));
  const parts = main.querySelectorAll(`${FORM} details`);
  page.querySelectorAll(`${FORM} details`).forEach((part, place) => { part.open ||= parts[place].open; });
  main.replaceWith(page.getElementById("main"));
  const map = document.querySelector(`${CANVAS} [data-areas]`);
  map.setAttribute("aria-label", label);
  map.dispatchEvent(new CustomEvent("areas", { detail: areas }));
  if (focused) {
    const same = document.getElementById(focused.id) || document.querySelector(`${FORM} button`);
    same.focus({ preventScroll: true });
  }
  told.textContent = ["#answer", ".app-answer__figure"].map((part) => document.querySelector(part).textContent).join(" ");
}

document.addEventListener("submit", (event) => {
  // Until the areas are drawn once there is nothing to colour.
  if (!event.target.matches(FORM) || !document.querySelector(`${CANVAS} [data-areas]`)) return;
  event.preventDefault();
  const href = `${event.target.action}?${new URLSearchParams(new FormData(event.target))}`;
  history.pushState(null, "", href);
  ask(href);
});
window.addEventListener("popstate", () => {
  if (asked() !== shown) ask(location.href); // not a step to a part of this page
});
