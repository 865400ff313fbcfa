// Draws the heat table from data that Python prepared; every text enters as text, never as markup.
// A click or Enter sends {unit, indicator}; a heading sends the indicator to sort by. Arrow keys move.

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function button(attributes, ...children) {
  return element("button", { type: "button", tabindex: "-1", ...attributes }, ...children);
}

function heading(column, data, send) {
  const sorted = data.sort === column.id;
  const face = button({ title: column.title, class: sorted ? "sorted" : null }, column.label);
  face.onclick = () => send("sorted", column.id);
  return element("th", { scope: "col", "aria-sort": sorted ? "other" : null }, face);
}

function cell(row, content, column, send) {
  const shape = content.shape ? [element("span", { class: "shape", "aria-hidden": "true" }, content.shape)] : [];
  const face = button({ "aria-label": content.label, title: content.label }, ...shape, content.text);
  face.onclick = () => send("chosen", { unit: row.id, indicator: column.id });
  return element("td", { class: content.tone }, face);
}

function rowOf(row, data, send) {
  const face = button({ title: row.name }, element("span", {}, row.name), element("i", { "aria-hidden": "true" }, "›"));
  face.onclick = () => send("chosen", { unit: row.id, indicator: "" });
  const cells = data.columns.map((column, index) => cell(row, row.cells[index], column, send));
  return element("tr", { class: row.here ? "here" : null }, element("th", { scope: "row" }, face), ...cells);
}

function build(data, send) {
  const head = element("tr", {}, element("th", { scope: "col" }, element("span", {}, data.corner)));
  head.append(...data.columns.map((column) => heading(column, data, send)));
  const body = data.rows.map((row) => rowOf(row, data, send));
  return element("table", {}, element("caption", {}, data.caption), element("thead", {}, head), element("tbody", {}, ...body));
}

function grid(table) {
  return [...table.rows].map((row) => [...row.cells].map((place) => place.querySelector("button")));
}

function placeOf(places, face) {
  const row = places.findIndex((line) => line.includes(face));
  return row < 0 ? null : [row, places[row].indexOf(face)];
}

function focusOn(table, row, column) {
  const face = grid(table)[row]?.[column];
  if (!face) return;
  table.querySelectorAll("button[tabindex='0']").forEach((other) => other.setAttribute("tabindex", "-1"));
  face.setAttribute("tabindex", "0");
  face.focus();
}

function onKey(event, table) {
  const place = placeOf(grid(table), event.target.closest("button"));
  if (!place) return;
  const last = grid(table)[place[0]].length - 1;
  const target = { Home: [place[0], 0], End: [place[0], last] }[event.key];
  const move = MOVES[event.key];
  if (!move && !target) return;
  event.preventDefault();
  focusOn(table, ...(target ?? [place[0] + move[0], place[1] + move[1]]));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".heat");
  const before = host.querySelector("table");
  const focused = before && placeOf(grid(before), parentElement.activeElement);
  const table = build(data, setTriggerValue);
  table.querySelector("tbody button")?.setAttribute("tabindex", "0");
  table.addEventListener("keydown", (event) => onKey(event, table));
  host.replaceChildren(table);
  if (focused) focusOn(table, ...focused);
}
