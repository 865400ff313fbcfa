// Draws the tiles from data that Python prepared; every text enters as text, never as markup.
// A name is a link to the indicator's definition; a click on it stays in the session, as Back and Forward do.

function nameOf(tile) {
  const name = element("a", { class: "name", href: tile.href }, tile.name);
  name.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", name.href);
    dispatchEvent(new PopStateEvent("popstate"));
  };
  return name;
}

function valueOf(tile) {
  if (tile.number === null) return element("div", { class: "value words" }, tile.words);
  return element("div", { class: "value" }, tile.number, element("small", {}, tile.unit));
}

function changeOf(comparison) {
  return element("span", { title: comparison.full }, comparison.text);
}

function tileOf(tile) {
  const judgement = tile.judgement ? [element("span", { class: tile.tone }, tile.judgement)] : [];
  const changes = element("span", {}, changeOf(tile.last_period), " \u2002 ", changeOf(tile.year_before));
  const beside = tile.beside.flatMap((text) => [" · ", element("span", {}, text)]).slice(1);
  return element(
    "div", { class: `tile ${tile.tone}` },
    nameOf(tile),
    valueOf(tile),
    element("div", { class: "line" }, ...judgement, element("span", {}, tile.target), element("span", {}, tile.counts)),
    element("img", { alt: tile.trend_label, src: tile.trend }),
    element("div", { class: "line" }, changes, element("b", {}, tile.gap)),
    element("div", { class: "notes" }, tile.reason),
    element("div", { class: "notes" }, ...beside),
  );
}

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".tiles");
  const focused = [...host.querySelectorAll("a")].indexOf(document.activeElement);
  host.className = `tiles of-${data.columns}`;
  host.replaceChildren(...data.tiles.map(tileOf));
  host.querySelectorAll("a")[focused]?.focus();
}
