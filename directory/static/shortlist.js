// A shortlist without an account: it stays in this browser, with the notes. No page needs this file.
import { root, say } from "./words.js";

const LIST = "shortlist";
const NOTES = "shortlist-notes";
const MOST = 20;
const KEY = /^[0-9a-f-]{36}$/;

function read(name, otherwise) {
  try {
    return JSON.parse(window.localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(name, value) {
  try {
    window.localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // The browser keeps nothing: the address of the shortlist still holds it.
  }
}

function kept() {
  const found = read(LIST, []);
  return Array.isArray(found) ? found.filter((key) => KEY.test(key)).slice(0, MOST) : [];
}

function address(keys) {
  return `${root}shortlist?${new URLSearchParams(keys.map((key) => ["s", key]))}`;
}

// On the page of a service: put it on the shortlist, or go to it.
for (const link of document.querySelectorAll("a[data-shortlist-add]")) {
  const key = link.dataset.shortlistAdd;
  const keys = kept();
  if (keys.includes(key)) {
    link.textContent = say("On your shortlist of {}: look at it", keys.length);
    link.href = address(keys);
  } else {
    if (keys.length) link.textContent = say("Add to your shortlist of {}", keys.length);
    link.href = address([...keys, key].slice(-MOST));
    link.addEventListener("click", () => write(LIST, [...keys, key].slice(-MOST)));
  }
}

// In a list of results: on and off without leaving the page. Its address may hold some that were gathered before.
const bar = document.querySelector("[data-gathered]");
if (bar) {
  const before = bar.dataset.gathered.split(" ").filter((key) => KEY.test(key));
  let mine = [...new Set([...kept(), ...before])].slice(0, MOST);
  const links = [...document.querySelectorAll("a[data-shortlist-stay]")];
  const show = () => {
    bar.hidden = !mine.length;
    bar.querySelector("[data-number]").textContent = String(mine.length);
    bar.querySelector("a").href = address(mine);
    for (const link of links) {
      const on = mine.includes(link.dataset.shortlistStay);
      link.querySelector("[data-words]").textContent = say(on ? "Take off the shortlist" : "Put on the shortlist");
      link.hidden = !on && mine.length >= MOST;
    }
  };
  for (const link of links) {
    link.setAttribute("role", "button");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const key = link.dataset.shortlistStay;
      mine = mine.includes(key) ? mine.filter((other) => other !== key) : [...mine, key];
      write(LIST, mine);
      show();
    });
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        link.click();
      }
    });
  }
  show();
}

const page = document.querySelector("[data-shortlist]");
if (page) {
  const shown = page.dataset.shortlist.split(" ").filter(Boolean);
  const mine = kept();
  if (!shown.length && mine.length && document.querySelector("[data-empty]")) {
    window.location.replace(address(mine));
  }
  for (const link of page.querySelectorAll("a[data-drop]")) {
    link.addEventListener("click", () => write(LIST, kept().filter((key) => key !== link.dataset.drop)));
  }
  // Somebody else's shortlist takes the place of one's own only when one says so.
  const keep = page.querySelector("button[data-keep]");
  if (keep && shown.join() !== mine.join()) {
    keep.hidden = false;
    keep.addEventListener("click", () => {
      write(LIST, shown.slice(0, MOST));
      keep.textContent = say("Kept in this browser");
      keep.disabled = true;
    });
  }
  const notes = read(NOTES, {});
  for (const row of page.querySelectorAll("[data-notes]")) row.hidden = false;
  for (const field of page.querySelectorAll("textarea[data-note]")) {
    const key = field.dataset.note;
    field.value = typeof notes[key] === "string" ? notes[key] : "";
    field.addEventListener("input", () => {
      notes[key] = field.value;
      if (!field.value) delete notes[key];
      write(NOTES, notes);
    });
  }
}
