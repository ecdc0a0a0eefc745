// Suggestions under the boxes of a search, as an ARIA 1.2 combobox. Without this file the boxes are plain boxes.
import { root, say } from "./words.js";

const WAIT = 150;
const SHORTEST = 2;

function combobox(input, of) {
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "app-suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("Suggestions"));
  list.hidden = true;
  const said = document.createElement("span");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  input.after(list, said);
  const facts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(facts)) input.setAttribute(name, value);
  input.autocomplete = "off";
  let timer = 0;
  let latest = 0;
  let active = -1;

  function mark(place) {
    active = place;
    [...list.children].forEach((item, row) => item.setAttribute("aria-selected", String(row === place)));
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    latest += 1;
    clearTimeout(timer);
    list.hidden = true;
    said.textContent = "";
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function take(item) {
    input.value = item.dataset.text;
    close();
    input.focus();
  }

  function show(found) {
    list.textContent = "";
    found.forEach(({ text, kind }, row) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${row}`;
      item.setAttribute("role", "option");
      item.dataset.text = text;
      const words = document.createElement("span");
      words.textContent = text;
      const what = document.createElement("span");
      what.className = "app-suggestions__kind";
      what.textContent = ` ${kind}`;
      item.append(words, what);
      list.append(item);
    });
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    said.textContent = found.length ? say("{} suggestions. Use the arrow keys.", found.length) : "";
    mark(-1);
  }

  async function look() {
    const number = ++latest;
    try {
      const answer = await fetch(`${root}suggest?${new URLSearchParams({ q: input.value.slice(0, 60), of })}`);
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (number === latest && document.activeElement === input) show(found);
    } catch {
      // Without an answer the box is a plain box.
    }
  }

  input.addEventListener("input", () => {
    close();
    if (input.value.trim().length >= SHORTEST) timer = setTimeout(look, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : list.children.length;
    if (event.key === "Escape" && count) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && count && active >= 0) {
      event.preventDefault();
      take(list.children[active]);
    } else if (count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 && step < 0 ? count - 1 : active + step >= count ? -1 : active + step);
    }
  });
  input.addEventListener("blur", close);
  // Before the box loses the focus, so that the list is still there.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item) take(item);
  });
}

for (const form of document.querySelectorAll("form[role=search]")) {
  for (const of of ["what", "where"]) {
    const input = form.elements[of];
    if (input instanceof HTMLInputElement) combobox(input, of);
  }
}
