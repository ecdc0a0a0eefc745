/* Draws the layers of a coverage map from the JSON elements of its page.
 *
 * geodata.maps makes a Folium map whose layers call these functions. What people wrote reaches the page as JSON
 * and is set with textContent, never as HTML.
 */
(function () {
  'use strict';

  const { element, plain, say, inEnglish, asPage, addCategoryKey, addKeyRow } = window.directoryMapKey;
  const keys = new WeakMap(); // map -> its key

  function read(id) {
    return JSON.parse(document.getElementById(id).textContent);
  }

  /* Only web addresses and paths of this site become links. */
  function safeHref(href) {
    if (!href) return null;
    try {
      const address = new URL(href, window.location.href);
      const web = address.protocol === 'http:' || address.protocol === 'https:';
      return web ? address.href : null;
    } catch {
      return null;
    }
  }

  function linkOrText(text, href, className) {
    const address = safeHref(href);
    const node = element(address ? 'a' : 'span', className, text);
    if (address) node.href = address;
    return inEnglish(node);
  }

  const NamedIcon = L.DivIcon.extend({
    createIcon(old) {
      const node = L.DivIcon.prototype.createIcon.call(this, old);
      node.textContent = '';
      node.append(element('span', '', this.options.text || ''));
      node.setAttribute('aria-label', this.options.label);
      if (this.options.role) node.setAttribute('role', this.options.role);
      return this.options.isName ? inEnglish(node) : node;
    },
  });

  function textMarker(point, text, className, options) {
    const icon = new NamedIcon({ className, text, label: text, iconSize: null, role: options.role, isName: true });
    return L.marker(point, { icon, ...options });
  }

  /* ---- The map as a whole ---- */

  function frame(map, dataId) {
    const data = read(dataId);
    const container = map.getContainer();
    container.setAttribute('role', 'region');
    container.setAttribute('aria-label', data.label);
    map.attributionControl.setPrefix(false);
    // Leaflet takes HTML here: the text goes through a node, which escapes it.
    if (data.source) map.attributionControl.addAttribution(inEnglish(element('span', '', data.source)).outerHTML);
    for (const [name, level] of [['areas', 350], ['sites', 360]]) {
      map.createPane(name).style.zIndex = level;
    }
    const key = { data, box: keyBox(map, data.key), other: element('ul', 'map-key-list') };
    keys.set(map, key);
    if (data.notice) key.box.append(element('p', 'map-notice', data.notice));
    addKeyboard(map);
    addPrinting(map);
    queueMicrotask(() => nameControls(map)); // the controls come after the frame
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) moveAtOnce(map);
    return key;
  }

  /* The key stands where the page has a place for it, or else on the map. */
  function keyBox(map, wanted) {
    const id = `${map.getContainer().id}_key`;
    const place = document.getElementById(id);
    if (place && wanted) return place;
    const box = element('div', 'directory-map-key');
    box.id = id;
    if (!wanted) return box;
    const control = L.control({ position: 'topright' });
    control.onAdd = () => {
      const panel = asPage(element('details', 'leaflet-bar map-key-panel'));
      panel.append(element('summary', '', say('Key and filters')), box);
      L.DomEvent.disableClickPropagation(panel);
      L.DomEvent.disableScrollPropagation(panel);
      return panel;
    };
    control.addTo(map);
    return box;
  }

  /* Leaflet's own buttons. */
  function nameControls(map) {
    const names = [['zoom-in', 'Zoom in'], ['zoom-out', 'Zoom out'], ['layers-toggle', 'Layers']];
    for (const [control, name] of names) {
      const node = map.getContainer().querySelector(`.leaflet-control-${control}`);
      if (!node) continue;
      node.title = say(name);
      if (node.hasAttribute('aria-label')) node.setAttribute('aria-label', say(name));
    }
    const layers = map.getContainer().querySelector('.leaflet-control-layers-list');
    if (layers) asPage(layers);
  }

  /* Space does what Enter does on a marker, as on any button. */
  function addKeyboard(map) {
    map.getContainer().addEventListener('keydown', (event) => {
      if (event.key === ' ' && event.target.classList.contains('leaflet-marker-icon')) {
        event.preventDefault();
        event.target.click();
      }
    });
    map.on('popupopen', ({ popup }) => {
      const node = popup.getElement();
      node.setAttribute('role', 'dialog');
      // Named by what stands in it, which says in which language it is.
      const name = node.querySelector('.map-popup-name');
      name.id = `${map.getContainer().id}_popup`;
      node.setAttribute('aria-labelledby', name.id);
      node.tabIndex = -1;
      node.querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', say('Close popup'));
      node.focus({ preventScroll: true });
      node.onkeydown = (event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        popup.close();
      };
    });
    map.on('popupclose', ({ popup }) => {
      const active = document.activeElement;
      if (active !== document.body && !popup.getElement().contains(active)) return;
      const marker = popup._source && popup._source.getElement && popup._source.getElement();
      (marker || map.getContainer()).focus({ preventScroll: true });
    });
  }

  /* For those who asked for less motion: what is pressed does not slide away from under the pointer either. */
  function moveAtOnce(map) {
    map.options.inertia = false;
    map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
  }

  /* Paper is narrower than most windows: the map takes the width of the page, then goes back. */
  function addPrinting(map) {
    let seen = null;
    const resize = (printing) => {
      map.getContainer().classList.toggle('map-printing', printing);
      map.getContainer().parentElement.classList.toggle('map-printing-place', printing);
      map.invalidateSize({ animate: false });
    };
    window.addEventListener('beforeprint', () => {
      seen = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom() };
      resize(true);
      map.fitBounds(seen.bounds, { animate: false });
    });
    window.addEventListener('afterprint', () => {
      resize(false);
      map.setView(seen.centre, seen.zoom, { animate: false });
    });
  }

  /* ---- Providers, by category ---- */

  /* The other half of geodata.map_packing. */
  function unpack(data) {
    const degrees = (steps) => {
      let sum = 0;
      return steps.map((step) => { sum += step; return sum / 100000; });
    };
    const texts = ({ values, rows }) => (rows ? rows.map((row) => values[row]) : values);
    const links = ({ prefix, uuids }) => {
      const digits = Array.from(atob(uuids), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
      return digits.match(/.{32}/g).map((hex) => (
        prefix + hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')));
    };
    const unpacked = { ...data, lat: degrees(data.lat), lon: degrees(data.lon) };
    for (const column of ['name', 'organisation', 'categories', 'opening', 'href']) {
      unpacked[column] = data[column].uuids ? links(data[column]) : texts(data[column]);
    }
    return unpacked;
  }

  function providers(map, dataId) {
    const data = unpack(read(dataId));
    const key = keys.get(map);
    const approximate = new Set(data.approximate);
    const markers = data.lat.map((_, row) => providerMarker(data, row, key.data.categories, approximate.has(row)));
    const group = L.markerClusterGroup({
      maxClusterRadius: 46,
      showCoverageOnHover: false,
      animate: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      spiderfyDistanceMultiplier: 1.8,
      iconCreateFunction: (cluster) => clusterIcon(cluster.getChildCount(), key.data),
    });
    group.addLayers(markers.map(({ marker }) => marker));
    if (approximate.size) addKeyRow(key, 'map-approximate map-circle', say('Approximate place'));
    addCategoryKey(key, markers, group, data.without_point);
    return group;
  }

  function providerMarker(data, row, categories, approximate) {
    const category = categories[data.category[row]];
    const opening = data.opening[row] || say('next opening not known');
    const label = [data.name[row], category.name, opening, ...(approximate ? [say('approximate place')] : [])]
      .join(say(', '));
    const size = approximate ? 46 : 30;
    const icon = new NamedIcon({
      className: `map-marker map-category-${data.category[row]} map-${category.shape}`
        + (approximate ? ' map-approximate' : ''),
      text: category.symbol,
      label,
      iconSize: [size, size],
      popupAnchor: [0, -10],
    });
    const marker = L.marker([data.lat[row], data.lon[row]], { icon, riseOnHover: true });
    marker.bindPopup(() => providerPopup(data, row, approximate), { maxWidth: 280 });
    const words = plain([data.name[row], data.organisation[row], data.categories[row]].join(' '));
    return { marker, words, category: data.category[row] };
  }

  function providerPopup(data, row, approximate) {
    const box = asPage(element('div', 'map-popup'));
    const name = element('p', 'map-popup-name');
    name.append(linkOrText(data.name[row], data.href[row]));
    box.append(name);
    if (data.organisation[row] && data.organisation[row] !== data.name[row]) {
      const organisation = element('p');
      organisation.append(inEnglish(element('span', '', data.organisation[row])));
      box.append(organisation);
    }
    const facts = element('dl');
    for (const [term, fact] of [['Categories', data.categories[row]], ['Next opening', data.opening[row]]]) {
      facts.append(element('dt', '', say(term)), element('dd', '', fact || say('Not known')));
    }
    box.append(facts);
    if (approximate) box.append(element('p', 'map-popup-note', say('Approximate place: the exact address is not shown.')));
    return box;
  }

  function clusterIcon(count, { one, many }) {
    const size = count < 10 ? 36 : count < 100 ? 44 : 54;
    const label = say('{0} {1}. Press Enter to zoom in', count, say(count === 1 ? one : many));
    return new NamedIcon({ className: 'map-cluster', text: String(count), label, iconSize: [size, size] });
  }

  /* ---- Sites, reference points and the areas behind them ---- */

  function shapes(geometries, options) {
    return L.geoJSON(geometries.map((geometry) => ({ type: 'Feature', properties: {}, geometry })), options);
  }

  function sites(map, dataId) {
    const data = read(dataId);
    const style = (className) => ({ pane: 'sites', interactive: false, style: { className } });
    const group = L.featureGroup([shapes(data.rings, style('map-ring')), shapes(data.shapes, style('map-site'))]);
    data.labels.forEach((point, place) => {
      const name = data.names[place];
      const label = textMarker(point, name, 'map-site-name', { zIndexOffset: 500, riseOnHover: true });
      label.bindPopup(() => {
        const box = asPage(element('div', 'map-popup'));
        box.append(element('p', '', say('Priority site')), linkOrText(name, data.hrefs[place], 'map-popup-name'));
        return box;
      });
      group.addLayer(label);
    });
    addKeyRow(keys.get(map), 'map-key-site', say('Priority site'));
    if (data.within) addKeyRow(keys.get(map), 'map-key-ring', data.within);
    return group;
  }

  function references(map, dataId) {
    const data = read(dataId);
    addKeyRow(keys.get(map), 'map-key-reference', say('Reference point'));
    return L.featureGroup(data.points.map((point, place) => {
      const name = say('Reference point: {0}', data.names[place]);
      const icon = new NamedIcon({ className: 'map-reference', label: name, iconSize: [18, 18], role: 'img' });
      return L.marker(point, { icon, keyboard: false, zIndexOffset: -1000 }).bindTooltip(() => element('span', '', name));
    }));
  }

  function outlines(map, dataId) {
    const data = read(dataId);
    if (!data.href) return outlinesOf(data);
    // Fetched when they are first drawn: most readers never switch the finer ones on.
    const group = L.featureGroup();
    group.once('add', () => {
      fetch(data.href).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
        .then((fetched) => group.addLayer(outlinesOf(fetched)))
        .catch((error) => console.warn(`The outlines could not be fetched (${error.message}).`));
    });
    return group;
  }

  function outlinesOf(data) {
    const options = { pane: 'areas', style: { className: `map-area map-area-${data.level}` } };
    const named = data.level === 'authority'; // few enough to name on the map; the others when pointed at
    const group = L.featureGroup([shapes(data.shapes, { ...options, interactive: !named })]);
    if (!named) {
      group.getLayers()[0].getLayers().forEach((area, place) => {
        area.bindTooltip(() => inEnglish(element('span', '', data.names[place])), { sticky: true });
      });
      return group;
    }
    data.labels.forEach((point, place) => {
      const quiet = { pane: 'areas', keyboard: false, interactive: false, role: 'img' };
      group.addLayer(textMarker(point, data.names[place], 'map-area-name', quiet));
    });
    return group;
  }

  window.directoryMap = { frame, providers, sites, references, outlines };
})();
