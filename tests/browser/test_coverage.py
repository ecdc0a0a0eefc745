"""The map of coverage in a browser: areas are drawn, hatched and pressed, and lead to their reasons."""

import pytest

pytestmark = pytest.mark.browser
# Over a net of points: the name that the map says, and the class of the shape that the browser finds there.
SEEN = """async () => {
  const map = document.querySelector('[data-areas]');
  map.scrollIntoView({ block: 'center' });
  const box = map.getBoundingClientRect();
  const seen = [];
  for (let x = 20; x < box.width; x += 13) {
    for (let y = 20; y < box.height; y += 11) {
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
# Answers from addresses with a part in them come a second later.
SLOW = """(part) => {
  const real = window.fetch;
  window.fetch = async (href, options) => {
    const answer = await real(href, options);
    if (String(href).includes(part)) await new Promise((over) => setTimeout(over, 1000));
    return answer;
  };
}"""
TITLE = "#answer"


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


def choose(watched, **fields):
    """Ask another question in the form."""
    for name, value in fields.items():
        watched.page.locator(f"form.app-ask #{name}").select_option(value)
    watched.page.locator("form.app-ask button").press("Enter")


def ask(watched, **fields):
    """Ask another question in the form, and wait until its map is coloured."""
    watched.page.evaluate(
        """() => { window.coloured = new Promise((done) => {
          document.querySelector('[data-areas]').addEventListener('areas', () => setTimeout(done, 100));
        }); }"""
    )
    choose(watched, **fields)
    watched.page.evaluate("window.coloured")


def said_of(page):
    """What the page says of its question: the title, the answer, the first rows, the colours, the links."""
    return page.evaluate(
        """() => [document.title, document.querySelector('.app-answer').innerText,
          document.querySelector('#ranking').innerText, document.querySelector('.app-legend').innerText,
          document.querySelector('.app-nav').innerHTML, document.querySelector('.app-exports').innerHTML,
          document.querySelector('[data-areas]').getAttribute('aria-label'),
          [...document.querySelectorAll('path.map-class')].map((shape) => [
            shape.getAttribute('class'), shape.getAttribute('d').split('M').length]).sort()]"""
    )


def opened(watched, path="/coverage?category=sport"):
    """The page of a question, with its areas drawn."""
    watched.open(path)
    watched.page.wait_for_selector("[data-areas='315']")
    watched.page.evaluate("window.same = true")


def is_same_page(watched):
    """Whether no page of its own has come meanwhile."""
    return watched.page.evaluate("window.same === true")


def zoom_in(watched):
    """Press the button of the map, and wait until the zoom comes to rest."""
    watched.page.locator(".leaflet-control-zoom-in").click()
    watched.page.wait_for_timeout(400)
    watched.page.wait_for_selector(".leaflet-map-pane:not(.leaflet-zoom-anim)", state="attached")


@pytest.mark.parametrize("language", ["", "/ur"])
def test_the_next_question_is_answered_in_the_page_and_the_map_stays_where_it_is(watched, language):
    opened(watched, f"{language}/coverage?category=sport")
    zoom_in(watched)
    scale, first = watched.page.locator(".leaflet-control-scale").inner_text(), said_of(watched.page)
    ask(watched, category="mentoring", show="providers")
    assert is_same_page(watched)
    assert watched.page.locator(".leaflet-control-scale").inner_text() == scale
    assert f"{language}/coverage?category=mentoring" in watched.page.url
    assert "show=providers" in watched.page.url
    button = watched.page.locator("form.app-ask button")
    assert button.evaluate("button => button === document.activeElement")
    told = watched.page.locator("[role=status]").last.inner_text()
    assert told.startswith(watched.page.locator(TITLE).inner_text())
    assert " ".join(watched.page.locator(".app-answer__figure").inner_text().split()) in told
    watched.check(f"coverage-asked-again{language.replace('/', '-')}")
    asked = said_of(watched.page)
    assert asked != first
    watched.page.go_back()
    watched.page.wait_for_selector("#category option[value=sport]:checked", state="attached")
    watched.page.wait_for_timeout(200)
    assert said_of(watched.page) == first
    # A page of its own says the same.
    watched.page.go_forward()
    watched.page.wait_for_selector("#category option[value=mentoring]:checked", state="attached")
    watched.page.reload()
    watched.page.wait_for_selector("[data-areas='315']")
    zoom_in(watched)
    assert said_of(watched.page) == asked


def test_another_kind_of_area_is_drawn_in_the_page(watched):
    opened(watched)
    ask(watched, level="ward")
    watched.page.wait_for_selector("[data-areas]:not([data-areas='315'])")
    assert watched.page.locator("path.map-hatch").count() <= 1
    seen = [tuple(one) for one in watched.page.evaluate(SEEN)]
    assert {name for name, _ in seen} <= set(watched.page.evaluate(WARDS))
    assert len(seen) > 10


def test_what_was_typed_keeps_the_focus_and_what_was_open_stays_open(watched):
    opened(watched)
    watched.page.locator(".app-ask__more summary").first.click()
    watched.page.locator("#age").fill("14")
    watched.page.locator("#age").press("Enter")
    watched.page.wait_for_selector(".app-answer:has-text('aged 14')")
    assert watched.page.evaluate("document.activeElement.id") == "age"
    assert watched.page.locator(".app-ask__more").first.get_attribute("open") is not None


def test_what_belongs_to_the_page_goes_on_working(watched):
    opened(watched)
    ask(watched, category="mentoring")
    watched.page.evaluate("window.print = () => { window.printed = true; }")
    watched.page.locator("[data-print]").click()
    assert watched.page.evaluate("window.printed") is True
    watched.page.locator(".govuk-skip-link").first.press("Enter")
    assert watched.page.evaluate("document.activeElement.id") == "main"
    zoom = watched.page.locator(".leaflet-control-zoom-in")
    zoom.focus()
    watched.page.go_back()  # the link led to a part of the page
    assert watched.page.locator(TITLE).inner_text() == "Mentoring"
    watched.page.go_back()
    watched.page.wait_for_selector(f"{TITLE}:has-text('Sport')")
    assert zoom.evaluate("button => button === document.activeElement")


@pytest.mark.parametrize("pressed", [True, False])
def test_a_popup_of_the_last_question_closes_and_leaves_the_focus_where_it_was(watched, pressed):
    opened(watched)
    box = watched.page.locator("[data-areas]").bounding_box()
    watched.page.locator("[data-areas]").click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    watched.page.wait_for_selector(".leaflet-popup")
    if pressed:
        watched.page.locator("form.app-ask button").press("Enter")
    else:  # as where a button that is pressed does not get the focus
        watched.page.evaluate("document.activeElement.blur()")
        watched.page.evaluate("document.querySelector('form.app-ask').requestSubmit()")
    watched.page.wait_for_selector(".leaflet-popup", state="detached")
    watched.page.wait_for_selector("main:not([aria-busy])")
    assert watched.page.evaluate("document.activeElement.tagName") == ("BUTTON" if pressed else "BODY")


def test_one_question_twice_is_one_step_of_the_history(watched):
    opened(watched)
    ask(watched, category="mentoring")
    steps = watched.page.evaluate("history.length")
    ask(watched)
    assert watched.page.evaluate("history.length") == steps


def test_to_go_back_before_the_answer_comes_leaves_what_is_there(watched):
    opened(watched)
    first = said_of(watched.page)
    watched.page.evaluate(SLOW, "mentoring")
    choose(watched, category="mentoring")
    assert watched.page.locator("main").get_attribute("aria-busy") == "true"
    watched.page.go_back()
    watched.page.wait_for_timeout(1300)
    assert watched.page.locator("main").get_attribute("aria-busy") is None
    assert watched.page.locator("#category").input_value() == "sport"
    assert said_of(watched.page) == first
    assert is_same_page(watched)


def test_areas_that_come_late_do_not_cover_those_of_a_later_question(watched):
    opened(watched)
    watched.page.evaluate(SLOW, "outlines/ward")
    with watched.page.expect_request("**/outlines/ward*"):
        choose(watched, level="ward")
    ask(watched, level="lsoa")
    watched.page.wait_for_timeout(1300)
    assert watched.page.locator("[data-areas]").get_attribute("data-areas") == "315"
    assert is_same_page(watched)


def test_areas_that_cannot_be_fetched_leave_no_others_in_their_place(watched):
    opened(watched)
    watched.page.route("**/outlines/ward*", lambda route: route.abort())
    choose(watched, level="ward")
    watched.page.wait_for_selector(".map-failed")
    assert watched.page.locator("path.map-class").count() == 0
    watched.page.unroute("**/outlines/ward*")
    watched.troubles = [one for one in watched.troubles if "ERR_FAILED" not in one]
    choose(watched)
    watched.page.wait_for_selector("[data-areas]:not([data-areas='315'])")
    assert not is_same_page(watched)
    assert watched.page.locator(".map-failed").count() == 0


@pytest.mark.parametrize("part", ["", "#ranking"])
def test_a_question_that_cannot_be_answered_in_the_page_leads_to_its_own(watched, part):
    opened(watched, f"/coverage?category=sport{part}")
    ask(watched, category="mentoring")
    later = '<link rel="icon" href="data:,"><h1>Later</h1>'  # without it Chromium asks for an icon
    watched.page.route(
        "**/coverage?**", lambda route: route.fulfill(status=503, body=later, content_type="text/html")
    )
    watched.page.go_back()
    watched.page.wait_for_selector("h1:has-text('Later')")
    assert watched.page.url.endswith(f"/coverage?category=sport{part}")
    watched.page.unroute("**/coverage?**")
    watched.troubles = [one for one in watched.troubles if "503" not in one]
