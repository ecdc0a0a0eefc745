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
WARDS = """async () => {
  const fetched = performance.getEntriesByType('resource').map((one) => one.name);
  return (await (await fetch(fetched.find((name) => name.includes('/outlines/ward')))).json()).names;
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


def ask(watched, **fields):
    """Ask another question in the form, and wait until its map is coloured."""
    for name, value in fields.items():
        watched.page.locator(f"form.app-ask #{name}").select_option(value)
    watched.page.evaluate(
        """() => { window.coloured = new Promise((done) => {
          document.querySelector('[data-areas]').addEventListener('areas', () => setTimeout(done, 100));
        }); }"""
    )
    watched.page.locator("form.app-ask button").press("Enter")
    watched.page.evaluate("window.coloured")


def said_of(page):
    """What the page says of its question: the title, the answer, the first rows, the colours, the links."""
    return page.evaluate(
        """() => [document.title, document.querySelector('.app-answer').innerText,
          document.querySelector('#ranking').innerText, document.querySelector('.app-legend').innerText,
          document.querySelector('.app-nav').innerHTML,
          document.querySelector('[data-areas]').getAttribute('aria-label'),
          [...document.querySelectorAll('path.map-class')].map((shape) => [
            shape.getAttribute('class'), shape.getAttribute('d').split('M').length]).sort()]"""
    )


def test_the_next_question_is_answered_in_the_page_and_the_map_stays_where_it_is(watched):
    watched.open("/coverage?category=sport")
    watched.page.wait_for_selector("[data-areas='315']")
    watched.page.evaluate("window.same = true")
    watched.page.locator(".leaflet-control-zoom-in").click()
    watched.page.wait_for_timeout(400)  # the zoom comes to rest
    scale, first = watched.page.locator(".leaflet-control-scale").inner_text(), said_of(watched.page)
    ask(watched, category="mentoring", show="providers")
    assert watched.page.evaluate("window.same") is True
    assert watched.page.locator(".leaflet-control-scale").inner_text() == scale
    assert "category=mentoring" in watched.page.url
    assert "show=providers" in watched.page.url
    assert watched.page.evaluate("document.activeElement.textContent") == "Show"
    told = watched.page.locator("[role=status]").last.inner_text()
    assert told.startswith("Mentoring")
    assert "live where this is in reach" in told
    watched.check("coverage-asked-again")
    asked = said_of(watched.page)
    watched.page.go_back()
    watched.page.wait_for_selector("#answer:has-text('Sport')")
    watched.page.wait_for_timeout(200)
    assert said_of(watched.page) == first
    # A page of its own says the same.
    watched.page.go_forward()
    watched.page.wait_for_selector("#answer:has-text('Mentoring')")
    watched.page.reload()
    watched.page.wait_for_selector("[data-areas='315']")
    watched.page.locator(".leaflet-control-zoom-in").click()
    watched.page.wait_for_timeout(400)
    assert said_of(watched.page) == asked


def test_another_kind_of_area_is_drawn_in_the_page(watched):
    watched.open("/coverage?category=sport")
    watched.page.wait_for_selector("[data-areas='315']")
    ask(watched, level="ward")
    watched.page.wait_for_selector("[data-areas]:not([data-areas='315'])")
    assert watched.page.locator("path.map-hatch").count() <= 1
    seen = [tuple(one) for one in watched.page.evaluate(SEEN)]
    assert {name for name, _ in seen} <= set(watched.page.evaluate(WARDS))
    assert len(seen) > 10


def test_what_was_typed_keeps_the_focus_and_what_was_open_stays_open(watched):
    watched.open("/coverage?category=sport")
    watched.page.wait_for_selector("[data-areas]")
    watched.page.locator(".app-ask__more summary").first.click()
    watched.page.locator("#age").fill("14")
    watched.page.locator("#age").press("Enter")
    watched.page.wait_for_selector(".app-answer:has-text('aged 14')")
    assert watched.page.evaluate("document.activeElement.id") == "age"
    assert watched.page.locator(".app-ask__more").first.get_attribute("open") is not None


def test_a_question_that_cannot_be_answered_in_the_page_leads_to_its_own(watched):
    watched.open("/coverage?category=sport")
    watched.page.wait_for_selector("[data-areas]")
    watched.page.evaluate("window.same = true")
    watched.page.route("**/coverage?**", lambda route: route.fulfill(status=503, body="<h1>Later</h1>"))
    watched.page.locator("form.app-ask button").click()
    watched.page.wait_for_selector("h1:has-text('Later')")
    assert watched.page.evaluate("window.same") is None
    watched.page.unroute("**/coverage?**")
    watched.troubles.clear()  # the browser tells of the answer that was made to fail
