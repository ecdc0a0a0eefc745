// Asks the next question about coverage without leaving the page: the map stays where it was moved to, and its
// areas are only coloured anew. What is shown is the page that the form leads to where this file does not run.
const CANVAS = ".app-map__canvas";
const FORM = "form.app-ask";
const address = () => location.pathname + location.search;
const status = document.createElement("p"); // for those who do not see that the page changed
status.className = "govuk-visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);
const main = document.getElementById("main");
let answered = address();
let request = new AbortController();

async function ask(href) {
  request.abort();
  const { signal } = (request = new AbortController());
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(href, { signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || answer.redirected || !page.querySelector(CANVAS)) throw new Error("not a map of areas");
    show(page);
    answered = href;
    main.removeAttribute("aria-busy");
  } catch {
    if (!signal.aborted) location.reload(); // the address is that of the question: the browser says what is wrong
  }
}

function show(page) {
  const read = (drawn) => JSON.parse(page.querySelector(`script[data-drawn="${drawn}"]`).textContent);
  const [label, areas] = [read("frame").label, read("choropleth")];
  const focused = document.activeElement;
  const inMap = focused.closest(CANVAS);
  const opened = [...main.querySelectorAll(`${FORM} details`)].map((part) => part.open);
  document.title = page.title;
  // The links to other languages ask the same question.
  document.querySelector(".app-nav").replaceWith(page.querySelector(".app-nav"));
  renew(main, page.getElementById("main"));
  main.querySelectorAll(`${FORM} details`).forEach((part, place) => { part.open ||= opened[place]; });
  const map = main.querySelector("[data-areas]");
  map.setAttribute("aria-label", label);
  map.dispatchEvent(new CustomEvent("areas", { detail: areas }));
  // A popup that closed has given the focus to the map, wherever it was.
  if (focused === document.body) {
    document.activeElement.blur();
  } else if (!focused.isConnected && !inMap) {
    (document.getElementById(focused.id) || main.querySelector(`${FORM} button`)).focus({ preventScroll: true });
  }
  status.textContent = ["#answer", ".app-answer__figure"].map((part) => main.querySelector(part).textContent).join(" ");
}

// Puts what another element holds in the place of what one holds, all but the canvas of the map, which stays.
function renew(own, other) {
  const holds = (part) => part.matches(CANVAS) || part.querySelector(CANVAS);
  const [stays, model] = [own, other].map((one) => [...one.children].find(holds));
  for (const part of [...own.childNodes]) if (part !== stays) part.remove();
  const parts = [...other.childNodes];
  const place = parts.indexOf(model);
  stays.before(...parts.slice(0, place));
  stays.after(...parts.slice(place + 1));
  if (!stays.matches(CANVAS)) renew(stays, model);
}

document.addEventListener("submit", (event) => {
  // Until the areas are drawn once there is nothing to colour.
  if (!event.target.matches(FORM) || !main.querySelector(`${CANVAS} [data-areas]`)) return;
  event.preventDefault();
  const { pathname } = new URL(event.target.action);
  const href = `${pathname}?${new URLSearchParams(new FormData(event.target))}`;
  if (href === address()) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  ask(href);
});
window.addEventListener("popstate", () => {
  request.abort();
  if (address() !== answered) {
    ask(address());
  } else if (main.hasAttribute("aria-busy")) { // back from a question whose answer has not come
    main.removeAttribute("aria-busy");
    main.querySelector(FORM).reset();
  }
});
