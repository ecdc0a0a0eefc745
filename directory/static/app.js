// Starts GOV.UK Frontend's components and the few things of our own. Every page works without this file.
import { initAll } from "./vendor/govuk-frontend.min.js";
import "./suggest.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// The filters are one closed line on a phone and an open column beside the results on a wide screen.
const filters = document.querySelector(".app-filters");
if (filters) {
  const wide = window.matchMedia("(min-width: 900px)");
  const follow = () => {
    filters.open = wide.matches;
  };
  follow();
  wide.addEventListener("change", follow);
}

// Printing needs a script, so its button shows only where scripts run. It may come later than this.
document.addEventListener("click", (event) => {
  if (event.target.closest("button[data-print]")) window.print();
});
