// The pin of a place: at its postcode, to be dragged to the door. The boxes below it say the same without dragging.
/* global L */
import { say } from "./words.js";

const box = document.getElementById("pin");
const data = JSON.parse(document.getElementById("pin-data").textContent);
const words = document.getElementById("pin-words");
const point = document.getElementById("point");
const postcode = document.getElementById("postal_code");
const given = document.querySelector("input[name='point_from'][value='given']");
const STEP = 0.0001; // about ten metres
const WAIT = 400;
let map = null;
let pin = null;
let ward = null;
let timer = 0;

function begin() {
  box.hidden = false;
  document.getElementById("pin-help").hidden = false;
  map = L.map(box, { zoomControl: true, keyboard: true });
  map.attributionControl.setPrefix(false);
  if (data.tiles.url) {
    const credit = document.createElement("span");
    credit.textContent = data.tiles.attribution;
    L.tileLayer(data.tiles.url, { attribution: credit.innerHTML }).addTo(map);
  }
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", say("Map with the pin of the place"));
  L.Icon.Default.imagePath = new URL("vendor/images/", import.meta.url).href;
}

function write(position) {
  point.value = `${position.lat.toFixed(5)}, ${position.lng.toFixed(5)}`;
  given.checked = true;
}

function addKeys() {
  const moves = { ArrowUp: [STEP, 0], ArrowDown: [-STEP, 0], ArrowLeft: [0, -STEP], ArrowRight: [0, STEP] };
  pin.getElement().addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const before = pin.getLatLng();
    pin.setLatLng([before.lat + move[0], before.lng + move[1]]);
    map.panInside(pin.getLatLng(), { padding: [40, 40] });
    write(pin.getLatLng());
  });
}

function show(found) {
  words.textContent = found.words;
  if (!found.point) return;
  if (!map) begin();
  map.setView(found.point, data.tiles.url || !found.outline ? data.zoom : data.far);
  if (ward) ward.remove();
  if (found.outline) {
    ward = L.geoJSON(found.outline, { interactive: false, style: { color: "#106165", weight: 2, fillOpacity: 0.06 } });
    ward.addTo(map);
  }
  if (pin) {
    pin.setLatLng(found.point);
  } else {
    pin = L.marker(found.point, { draggable: true, autoPan: true, alt: say("The place. Move it with the arrow keys.") });
    pin.addTo(map);
    pin.on("dragend", () => write(pin.getLatLng()));
    addKeys();
  }
}

async function look() {
  try {
    const answer = await fetch(`${box.dataset.find}?${new URLSearchParams({ postcode: postcode.value })}`);
    if (answer.ok) show(await answer.json());
  } catch {
    // The button beside the postcode asks the same.
  }
}

show(data);
postcode.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
});
