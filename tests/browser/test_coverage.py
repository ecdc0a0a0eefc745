"""The map of coverage in a browser: areas are drawn, hatched and pressed, and lead to their reasons."""

import pytest

pytestmark = pytest.mark.browser
# Over a net of points: the name that the map says, and the class of the shape that the browser finds there.
SEEN = """async () => {
  const map = document.querySelector('[data-areas]');
  map.scrollIntoView({ block: 'center' });
  const box = map.getBoundingClientRect();
  const seen = [];
  for (let x = 20; x < box.width; x += 41) {
    for (let y = 20; y < box.height; y += 37) {
      const at = { clientX: box.left + x, clientY: box.top + y, bubbles: true };
      const shape = document.elementFromPoint(at.clientX, at.clientY);
      if (!shape?.matches('path.map-class')) continue;
      shape.dispatchEvent(new MouseEvent('mousemove', at));
      const said = map.querySelector('.leaflet-tooltip strong')?.textContent;
      seen.push([said, Number(/map-class-(-?\\d+)/.exec(shape.getAttribute('class'))[1])]);
    }
  }
  return seen;
}"""
CLASSES = """async () => {
  const id = [...document.querySelectorAll('script[type="application/json"]')]
    .map((one) => JSON.parse(one.textContent)).find((one) => one.classes);
  const outlines = await (await fetch(id.outlines)).json();
  return outlines.names.map((name, place) => [name, id.classes[place]]);
}"""


def test_areas_are_drawn_in_the_classes_of_the_legend(watched):
    watched.open("/coverage?category=sport&age=14")
    watched.page.wait_for_selector("[data-areas='315']")
    assert watched.page.locator("path.map-hatch").count() == 1
    fill = "getComputedStyle(document.querySelector('path.map-class-5')).fill"
    swatch = "getComputedStyle(document.querySelector('.app-swatch--5')).backgroundColor"
    assert watched.page.evaluate(fill) == watched.page.evaluate(swatch)
    watched.check("coverage")


def test_what_is_pointed_at_is_the_area_that_is_drawn_there(watched):
    watched.open("/coverage?category=sport&age=14")
    watched.page.wait_for_selector("[data-areas]")
    seen = [tuple(one) for one in watched.page.evaluate(SEEN)]
    drawn = {tuple(one) for one in watched.page.evaluate(CLASSES)}
    assert len({name for name, _ in seen}) > 10
    # On a border, which is drawn as a line with a width, the neighbour may be named.
    assert sum(one in drawn for one in seen) > 0.9 * len(seen)


def test_an_area_that_is_pressed_leads_to_its_reasons(watched):
    watched.open("/coverage?category=sport")
    watched.page.wait_for_selector("[data-areas]")
    watched.page.locator("[data-areas]").scroll_into_view_if_needed()
    box = watched.page.locator("[data-areas]").bounding_box()
    watched.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    said = watched.page.locator(".leaflet-tooltip strong").inner_text()
    assert watched.page.locator("path.map-pointed").count() == 1
    watched.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert watched.page.locator("path.map-pointed").count() == 0
    link = watched.page.locator(".leaflet-popup .map-popup-name a")
    name = link.inner_text()
    assert name == said
    watched.follow(link)
    assert watched.page.locator("h1").inner_text() == name
    watched.check("coverage-area")


def test_two_maps_share_one_fetch_of_the_outlines(watched):
    asked = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.open("/coverage/compare?site=hillfields&with_site=lozells&show=providers")
    watched.page.wait_for_selector("[data-areas]")
    assert watched.page.locator("[data-areas='315']").count() == 2
    assert len([url for url in asked if "/coverage/outlines/" in url]) == 1
    watched.check("coverage-compare")


def test_without_the_outlines_the_page_says_that_the_table_has_the_numbers(watched):
    watched.page.route("**/coverage/outlines/**", lambda route: route.fulfill(status=503, body=""))
    watched.open("/coverage")
    assert "The table has the same numbers" in watched.page.locator(".map-failed").inner_text()
    watched.troubles.clear()  # the browser tells of the answer that was made to fail


def test_week_of_a_site(watched):
    watched.open("/sites/lozells?category=youth-facilities")
    assert watched.page.locator(".app-week tbody td").count() >= 7 * 28
    watched.check("site-week")
