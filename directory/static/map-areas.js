/* Draws areas coloured by a figure. Their outlines come from an address of their own, so that a page that asks
 * another question, or shows two maps, need not fetch them again. What people read is set with textContent.
 */
(function () {
  'use strict';

  const { element } = window.directoryMapKey;
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

  /* The other half of geodata.choropleth.packed_outlines: for each area its polygons, for each polygon its rings. */
  function unpack(data) {
    let corner = 0;
    let ring = 0;
    let polygon = 0;
    let lat = 0;
    let lon = 0;
    const readRing = () => Array.from({ length: data.corners[ring++] }, () => {
      lat += data.lat[corner];
      lon += data.lon[corner];
      corner += 1;
      return [lat / 100000, lon / 100000];
    });
    const readPolygon = () => Array.from({ length: data.rings[polygon++] }, readRing);
    const shapes = data.polygons.map((count) => Array.from({ length: count }, readPolygon));
    return { shapes, codes: data.codes, names: data.names };
  }

  function choropleth(map, dataId) {
    const data = JSON.parse(document.getElementById(dataId).textContent);
    const group = L.featureGroup();
    const facts = data.facts.map(({ label, values, rows }) => ({
      label, text: (place) => (rows ? values[rows[place]] : values[place]),
    }));
    outlinesOf(data.outlines).then((outlines) => {
      outlines.shapes.forEach((shape, place) => {
        group.addLayer(areaShape(shape, place, data, facts, outlines));
      });
      // One shape for all of them: a thousand more take half a second.
      const hatched = data.uncertain.flatMap((place) => outlines.shapes[place]);
      if (hatched.length) {
        group.addLayer(L.polygon(hatched, { pane: 'areas', interactive: false, className: 'map-hatch' }));
      }
      addHatching(map);
      // Hundreds of shapes without a name, which no key reaches: the table has every area by its name.
      map.getPane('areas').querySelector('svg')?.setAttribute('aria-hidden', 'true');
      map.getContainer().dataset.areas = outlines.shapes.length;
    }).catch(() => {
      const note = element('p', 'map-failed', 'The areas could not be drawn. The table has the same numbers.');
      map.getContainer().append(note);
    });
    return group;
  }

  function areaShape(shape, place, data, facts, outlines) {
    const name = outlines.names[place];
    const area = L.polygon(shape, { pane: 'areas', className: `map-class map-class-${data.classes[place]}` });
    const lines = () => {
      const list = element('dl', 'map-area-facts');
      for (const { label, text } of facts) {
        if (text(place)) list.append(element('dt', '', label), element('dd', '', text(place)));
      }
      return list;
    };
    area.bindTooltip(() => {
      const box = element('div');
      box.append(element('strong', '', name), lines());
      return box;
    }, { sticky: true });
    area.bindPopup(() => {
      const box = element('div', 'map-popup');
      const heading = element('p', 'map-popup-name');
      const link = element('a', '', name);
      link.href = data.link[0] + encodeURIComponent(outlines.codes[place]) + data.link[1];
      heading.append(link);
      box.append(heading, lines());
      return box;
    }, { label: name, maxWidth: 280 });
    area.on('popupopen', () => area.closeTooltip());
    return area;
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
