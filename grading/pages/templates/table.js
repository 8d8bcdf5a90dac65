// Tables that can be sorted and searched. Without this script they are whole and in the order in which they were written.
"use strict";
function value(row, column) {
  const cell = row.cells[column];
  const number = cell.dataset.value;
  return number === undefined ? cell.textContent.trim().toLowerCase() : number === "" ? -Infinity : Number(number);
}
function sorted(table, button) {
  const heading = button.closest("th");
  const descending = heading.getAttribute("aria-sort") !== "descending";
  for (const other of table.querySelectorAll("th[aria-sort]")) other.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const rows = [...table.tBodies[0].rows].map((row) => [value(row, heading.cellIndex), row]);
  const order = (a, b) => (typeof a === "string" ? String(a).localeCompare(String(b)) : a - b);
  rows.sort((a, b) => (descending ? order(b[0], a[0]) : order(a[0], b[0])));
  table.tBodies[0].append(...rows.map((pair) => pair[1]));
}
function filtered(search, looks, count, rows) {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word)) || (looks.checked && row.dataset.look === "");
    shown += row.hidden ? 0 : 1;
  }
  count.textContent = `${shown} of ${rows.length} shown`;
}
for (const table of document.querySelectorAll("table.sortable"))
  for (const button of table.querySelectorAll("thead button")) button.addEventListener("click", () => sorted(table, button));
for (const box of document.querySelectorAll(".search")) {
  const [search, looks] = box.querySelectorAll("input");
  const rows = [...document.getElementById(box.dataset.table).tBodies[0].rows];
  const apply = () => filtered(search, looks, box.querySelector("output"), rows);
  box.hidden = false;
  search.addEventListener("input", apply);
  looks.addEventListener("change", apply);
  apply();
}
