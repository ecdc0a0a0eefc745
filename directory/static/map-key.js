/* The key beside a coverage map: it explains the symbols, switches categories and filters by words. */
(function () {
  'use strict';

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  /* What is said, in the language of the page. English stands here, the others in an element of the page. */
  const translated = document.getElementById('script-words');
  const words = translated ? JSON.parse(translated.textContent) : {};

  function say(text, ...parts) {
    return parts.reduce((said, part, place) => said.replaceAll(`{${place}}`, () => part), words[text] ?? text);
  }

  /* What an organisation wrote, or the name of an area: English on a page in any language. */
  function inEnglish(node) {
    if (translated) {
      node.lang = 'en-GB';
      node.dir = 'ltr';
    }
    return node;
  }

  /* What stands on the map, which goes from west to east, is read as the page is. */
  function asPage(node) {
    if (translated) node.dir = document.documentElement.dir;
    return node;
  }

  /* Words without accents and capitals, to compare. */
  function plain(text) {
    return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  }

  function addCategoryKey(key, markers, group, withoutPoint) {
    const { data, box } = key;
    const state = { off: new Set(), words: '' };
    const status = element('p', 'map-status');
    status.setAttribute('role', 'status');
    const draw = () => {
      const shown = markers.filter(({ category, words }) => !state.off.has(category) && words.includes(state.words));
      group.clearLayers();
      group.addLayers(shown.map(({ marker }) => marker));
      status.textContent = statusText(shown.length, markers.length, withoutPoint, data);
    };
    status.textContent = statusText(markers.length, markers.length, withoutPoint, data);
    const { list, all } = categoryBoxes(data.categories, state, draw);
    box.append(wordFilter(box.id, state, draw, data.many), status, list, all, key.other);
  }

  function statusText(shown, all, withoutPoint, { one, many }) {
    const noun = say(all === 1 ? one : many);
    const count = shown === all ? say('{0} {1} shown.', all, noun) : say('{0} of {1} {2} shown.', shown, all, noun);
    return withoutPoint ? `${count} ${say('{0} more without a place on the map.', withoutPoint)}` : count;
  }

  function wordFilter(id, state, draw, many) {
    const field = element('p', 'map-filter');
    const label = element('label', '', say('Filter {0} by words', say(many)));
    const input = element('input');
    let waiting;
    input.type = 'search';
    input.id = label.htmlFor = `${id}_words`;
    input.autocomplete = 'off';
    input.addEventListener('input', () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        state.words = plain(input.value.trim());
        draw();
      }, 200);
    });
    field.append(label, input);
    return field;
  }

  function categoryBoxes(categories, state, draw) {
    const list = element('fieldset', 'map-key-categories');
    list.append(element('legend', '', say('Categories')));
    const inputs = new Map(); // place of a category -> its box
    categories.forEach((category, place) => {
      // A box that switches nothing on or off is one more stop for who goes by keyboard.
      if (!category.count) return;
      const row = element('label', 'map-key-row');
      const input = element('input');
      input.type = 'checkbox';
      input.checked = true;
      input.addEventListener('change', () => {
        state.off[input.checked ? 'delete' : 'add'](place);
        draw();
      });
      row.append(input, keySymbol(`map-category-${place} map-${category.shape}`, category.symbol));
      row.append(element('span', 'map-key-name', category.name), element('span', 'map-count', category.count));
      list.append(row);
      inputs.set(place, input);
    });
    const others = categories.length - inputs.size;
    const absent = others === 1 ? 'Not on this map: 1 other kind of help' : 'Not on this map: {0} other kinds of help';
    if (others) list.append(element('p', 'map-none', say(absent, others)));
    return { list, all: allButtons(inputs, state, draw) };
  }

  function allButtons(inputs, state, draw) {
    const row = element('p', 'map-buttons');
    for (const [text, checked] of [['Show all', true], ['Hide all', false]]) {
      const button = element('button', '', say(text));
      button.type = 'button';
      button.addEventListener('click', () => {
        inputs.forEach((input) => { input.checked = checked; });
        state.off = new Set(checked ? [] : inputs.keys());
        draw();
      });
      row.append(button);
    }
    return row;
  }

  function keySymbol(className, text) {
    const symbol = element('span', `map-marker ${className}`);
    symbol.setAttribute('aria-hidden', 'true');
    symbol.append(element('span', '', text || ''));
    return symbol;
  }

  function addKeyRow(key, symbolClass, text) {
    const row = element('li', 'map-key-row');
    row.append(keySymbol(symbolClass), element('span', 'map-key-name', text));
    key.other.append(row);
  }

  window.directoryMapKey = { element, plain, say, inEnglish, asPage, addCategoryKey, addKeyRow };
})();
