import { say } from "./words.js";

// While a name or a postcode is typed, shows published entries that may be the same.
const form = document.querySelector("form[data-likely]");
const list = document.getElementById("likely");
const WAIT = 400;
let timer = 0;
let latest = 0;

function link(text, href) {
  const node = document.createElement("a");
  node.className = "govuk-link";
  node.textContent = text;
  node.href = href;
  return node;
}

function show(entries) {
  list.textContent = "";
  if (!entries.length) return;
  const heading = document.createElement("p");
  heading.className = "govuk-body govuk-!-font-weight-bold";
  heading.textContent = say("Are you here already?");
  const items = document.createElement("ul");
  items.className = "app-likely";
  for (const entry of entries) {
    const item = document.createElement("li");
    const why = document.createElement("span");
    why.className = "app-likely__why";
    why.textContent = entry.why ? ` ${entry.why}` : "";
    const claim = link(say("Is this you? Claim it"), entry.claim_href);
    claim.classList.add("app-likely__claim");
    claim.setAttribute("aria-label", `${say("Is this you? Claim it")}: ${entry.name}`);
    item.append(link(entry.name, entry.href), why, claim);
    items.append(item);
  }
  list.append(heading, items);
}

async function look() {
  const number = ++latest;
  const asked = new URLSearchParams({ name: form.elements.name.value, postcode: form.elements.postal_code.value });
  try {
    const answer = await fetch(`${form.dataset.likely}?${asked}`);
    const found = answer.ok ? (await answer.json()).likely : [];
    if (number === latest) show(found);
  } catch {
    // Without an answer, the form itself asks the same when it is sent.
  }
}

if (form && list) {
  for (const name of ["name", "postal_code"]) {
    form.elements[name].addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, WAIT);
    });
  }
}
