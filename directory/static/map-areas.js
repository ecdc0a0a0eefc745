/* Draws areas coloured by a figure. Their outlines come from an address of their own, so that a page that asks
 * another question, or shows two maps, need not fetch them again. What people read is set with textContent.
 */
(function () {
  'use strict';

  const { element, say, inEnglish, asPage } = window.directoryMapKey;
  const fetched = new Map(); // address -> promise of outlines

  function outlinesOf(href) {
    if (!fetched.has(href)) {
      fetched.set(href, fetch(href).then((answer) => {
        if (!answer.ok) throw new Error(`The outlines could not be fetched (${answer.status}).`);
        return answer.json();
      }).then(unpack));
    }
    return fetched.get(href);
  }

  /* Where a place is on the square of Web Mercator, from 0 to 1. */
  const across = (lon) => lon / 360 + 0.5;
  const down = (lat) => 0.5 - Math.log(Math.tan((lat / 360 + 0.25) * Math.PI)) / (2 * Math.PI);

  /* The other half of geodata.choropleth.packed_outlines: the corners of all areas in one run, and where each ring
   * and each area begins. An object for each of many thousand corners, and one more for where it is on the screen,
   * took longer to clear away than the lines take to draw.
   */
  function unpack(data) {
    const places = (steps, onMap) => {
      const found = new Float64Array(steps.length);
      let sum = 0;
      for (let corner = 0; corner < steps.length; corner += 1) {
        sum += steps[corner];
        found[corner] = onMap(sum / 100000);
      }
      return found;
    };
    const starts = (counts) => { // of each, and the end of the last
      const found = new Uint32Array(counts.length + 1);
      counts.forEach((count, place) => { found[place + 1] = found[place] + count; });
      return found;
    };
    const polygonAt = starts(data.rings);
    const outlines = {
      x: places(data.lon, across),
      y: places(data.lat, down),
      cornerAt: starts(data.corners),
      ringAt: starts(data.polygons).map((polygon) => polygonAt[polygon]),
      codes: data.codes,
      names: data.names,
    };
    return { ...outlines, boxes: data.codes.map((_, place) => boxOf(outlines, place)) };
  }

  function boxOf({ x, y, cornerAt, ringAt }, place) {
    const box = { west: Infinity, north: Infinity, east: -Infinity, south: -Infinity };
    for (let corner = cornerAt[ringAt[place]]; corner < cornerAt[ringAt[place + 1]]; corner += 1) {
      box.west = Math.min(box.west, x[corner]);
      box.east = Math.max(box.east, x[corner]);
      box.north = Math.min(box.north, y[corner]);
      box.south = Math.max(box.south, y[corner]);
    }
    return box;
  }

  /* Some areas as one shape of Leaflet's. A corner is rounded to a dot of the screen, alike in all areas that share
   * it, and left out where the last one is on the same dot.
   */
  const Areas = L.Path.extend({
    initialize(outlines, places, options) {
      L.setOptions(this, options);
      this.outlines = outlines;
      this.places = places;
    },

    _project() {}, // by _update, which Leaflet calls too whenever it calls this

    _update() {
      if (this._map) this._renderer._setPath(this, this.lines() || 'M0 0');
    },

    lines() {
      const scale = this._map.options.crs.scale(this._map.getZoom());
      const origin = this._map.getPixelOrigin();
      const { min, max } = this._renderer._bounds;
      const seen = ({ west, east, north, south }) => (
        east * scale - origin.x >= min.x && west * scale - origin.x <= max.x
        && south * scale - origin.y >= min.y && north * scale - origin.y <= max.y
      );
      const { x, y, cornerAt, ringAt, boxes } = this.outlines;
      let lines = '';
      for (const place of this.places) {
        if (!seen(boxes[place])) continue;
        for (let ring = ringAt[place]; ring < ringAt[place + 1]; ring += 1) {
          let left = 0;
          let top = 0;
          for (let corner = cornerAt[ring]; corner < cornerAt[ring + 1]; corner += 1) {
            const right = Math.round(x[corner] * scale) - origin.x;
            const below = Math.round(y[corner] * scale) - origin.y;
            if (corner === cornerAt[ring]) lines += `M${right} ${below}`;
            else if (right !== left || below !== top) lines += `l${right - left} ${below - top}`;
            left = right;
            top = below;
          }
          lines += 'z';
        }
      }
      return lines;
    },
  });

  /* Another question gives its figures to the element of the map, by an event. */
  function choropleth(map, dataId) {
    const group = L.featureGroup();
    const note = element('p', 'map-failed', say('The areas could not be drawn. The table has the same numbers.'));
    const drawn = {};
    const draw = (data) => {
      drawn.wanted = data;
      outlinesOf(data.outlines).then((outlines) => {
        if (data !== drawn.wanted) return; // another question was answered meanwhile
        Object.assign(drawn, { outlines, says: wordsOf(outlines, data) });
        group.clearLayers();
        note.remove();
        // One shape for all areas of a class: a thousand shapes and more take half a second to make.
        for (const [number, places] of byClass(data.classes)) {
          group.addLayer(shapeOf(outlines, places, `map-class map-class-${number}`));
        }
        if (data.uncertain.length) {
          group.addLayer(shapeOf(outlines, data.uncertain, 'map-hatch', { interactive: false }));
        }
        addHatching(map);
        // Shapes without a name, which no key reaches: the table has every area by its name.
        map.getPane('areas').querySelector('svg')?.setAttribute('aria-hidden', 'true');
        map.getContainer().dataset.areas = outlines.codes.length;
      }).catch(() => {
        if (data !== drawn.wanted) return;
        group.clearLayers();
        delete map.getContainer().dataset.areas; // the next question is asked with a page of its own
        map.getContainer().append(note);
      });
    };
    answerPointer(map, group, drawn);
    map.getContainer().addEventListener('areas', ({ detail }) => {
      map.closePopup();
      draw(detail);
    });
    draw(JSON.parse(document.getElementById(dataId).textContent));
    return group;
  }

  function byClass(classes) {
    const places = new Map();
    classes.forEach((number, place) => {
      if (!places.has(number)) places.set(number, []);
      places.get(number).push(place);
    });
    return places;
  }

  function shapeOf(outlines, places, className, options) {
    return new Areas(outlines, places, { pane: 'areas', className, fill: true, ...options });
  }

  /* What is pointed at is drawn once more and says its figures; what is pressed leads to its reasons. */
  function answerPointer(map, group, drawn) {
    const tooltip = L.tooltip({ offset: [12, 0] });
    let pointed = null;
    let marked = null;

    function point(place, latlng) {
      if (latlng) tooltip.setLatLng(latlng);
      if (place === pointed) return;
      pointed = place;
      marked?.remove();
      marked = null;
      if (place === null) {
        tooltip.remove();
        return;
      }
      marked = shapeOf(drawn.outlines, [place], 'map-pointed', { interactive: false }).addTo(map);
      tooltip.setContent(drawn.says.tooltip(place)).addTo(map);
    }

    group.on('mousemove', ({ latlng }) => point(areaAt(drawn.outlines, latlng), latlng));
    group.on('mouseout remove layerremove', () => point(null));
    group.on('click', ({ latlng }) => {
      const place = areaAt(drawn.outlines, latlng);
      if (place === null) return;
      point(null);
      L.popup({ maxWidth: 280 }).setLatLng(latlng).setContent(drawn.says.popup(place)).openOn(map);
    });
  }

  /* Says which area holds a point: a crossing for each side that a line from the point to the east meets. */
  function areaAt({ x, y, cornerAt, ringAt, boxes }, { lat, lng }) {
    const [right, below] = [across(lng), down(lat)];
    const crosses = (a, b) => (
      (y[a] > below) !== (y[b] > below) && right < x[a] + ((below - y[a]) / (y[b] - y[a])) * (x[b] - x[a])
    );
    const holds = (place) => {
      let inside = false;
      for (let ring = ringAt[place]; ring < ringAt[place + 1]; ring += 1) {
        for (let corner = cornerAt[ring], last = cornerAt[ring + 1] - 1; corner < cornerAt[ring + 1]; last = corner++) {
          if (crosses(corner, last)) inside = !inside;
        }
      }
      return inside;
    };
    const place = boxes.findIndex(({ west, east, north, south }, at) => (
      west <= right && right <= east && north <= below && below <= south && holds(at)
    ));
    return place < 0 ? null : place;
  }

  function wordsOf(outlines, data) {
    const facts = data.facts.map(({ label, values, rows }) => ({
      label, text: (place) => (rows ? values[rows[place]] : values[place]),
    }));
    const lines = (place) => {
      const list = element('dl', 'map-area-facts');
      for (const { label, text } of facts) {
        if (text(place)) list.append(element('dt', '', label), element('dd', '', text(place)));
      }
      return list;
    };
    return {
      tooltip(place) {
        const box = asPage(element('div'));
        box.append(inEnglish(element('strong', '', outlines.names[place])), lines(place));
        return box;
      },
      popup(place) {
        const box = asPage(element('div', 'map-popup'));
        const heading = element('p', 'map-popup-name');
        const link = inEnglish(element('a', '', outlines.names[place]));
        link.href = data.link[0] + encodeURIComponent(outlines.codes[place]) + data.link[1];
        heading.append(link);
        box.append(heading, lines(place));
        return box;
      },
    };
  }

  /* Hatching is a pattern of the drawing itself: a style sheet alone has none for SVG. */
  function addHatching(map) {
    const drawing = map.getPane('areas').querySelector('svg');
    if (!drawing || document.getElementById('map-hatching')) return;
    const make = (tag, values) => {
      const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
      for (const [name, value] of Object.entries(values)) node.setAttribute(name, value);
      return node;
    };
    const pattern = make('pattern', {
      id: 'map-hatching', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)',
    });
    pattern.append(make('line', { x1: 0, y1: 0, x2: 0, y2: 7, class: 'map-hatch-line' }));
    const definitions = make('defs', {});
    definitions.append(pattern);
    drawing.prepend(definitions);
  }

  window.directoryMap.choropleth = choropleth;
})();
