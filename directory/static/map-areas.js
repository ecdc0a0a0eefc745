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
      return L.latLng(lat / 100000, lon / 100000); // as Leaflet wants it, which would make it anew
    });
    const readPolygon = () => Array.from({ length: data.rings[polygon++] }, readRing);
    const shapes = data.polygons.map((count) => Array.from({ length: count }, readPolygon));
    return { shapes, areaAt: finder(shapes), codes: data.codes, names: data.names };
  }

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
        map.getContainer().dataset.areas = outlines.shapes.length;
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
    return L.polygon(places.flatMap((place) => outlines.shapes[place]), { pane: 'areas', className, ...options });
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

    group.on('mousemove', ({ latlng }) => point(drawn.outlines.areaAt(latlng), latlng));
    group.on('mouseout remove layerremove', () => point(null));
    group.on('click', ({ latlng }) => {
      const place = drawn.outlines.areaAt(latlng);
      if (place === null) return;
      point(null);
      L.popup({ maxWidth: 280 }).setLatLng(latlng).setContent(drawn.says.popup(place)).openOn(map);
    });
  }

  /* Says which area holds a point: a crossing for each side that a line from the point to the east meets. */
  function finder(shapes) {
    const boxes = shapes.map((polygons) => L.latLngBounds(polygons.flatMap((rings) => rings[0])));
    const crosses = ({ lat, lng }, a, b) => (
      (a.lat > lat) !== (b.lat > lat) && lng < a.lng + ((lat - a.lat) / (b.lat - a.lat)) * (b.lng - a.lng)
    );
    const holds = (ring, point) => ring.reduce((inside, corner, place) => (
      crosses(point, corner, ring.at(place - 1)) ? !inside : inside
    ), false);
    return (point) => {
      const place = shapes.findIndex((polygons, at) => boxes[at].contains(point)
        && polygons.some((rings) => rings.filter((ring) => holds(ring, point)).length % 2));
      return place < 0 ? null : place;
    };
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
