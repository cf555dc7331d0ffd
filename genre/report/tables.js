"use strict";

// a number, also one that is told as text such as 2e-05; NaN otherwise
const numberOf = (cell) => {
  const text = cell.dataset.number ?? cell.textContent.trim();
  return text === "" ? NaN : Number(text);
};

// numbers before words, and what is missing always last
const compareCells = (one, other, sign) => {
  const a = numberOf(one), b = numberOf(other);
  if (!Number.isNaN(a) && !Number.isNaN(b)) return sign * (a - b);
  if (Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  const left = one.textContent.trim(), right = other.textContent.trim();
  if ((left === "–") !== (right === "–")) return left === "–" ? 1 : -1;
  return sign * left.localeCompare(right, "en", { numeric: true });
};

for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("th");
    if (!head) return;
    const descending = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const place = head.cellIndex, sign = descending ? -1 : 1;
    const rows = [...body.rows].sort((a, b) => compareCells(a.cells[place], b.cells[place], sign));
    body.append(...rows);
  });
}

for (const input of document.querySelectorAll("input[data-filter]")) {
  const rows = document.getElementById(input.dataset.filter).tBodies[0].rows;
  const count = input.closest(".tools").querySelector("output");
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = words.length ? `${shown} of ${rows.length} rows` : `${rows.length} rows`;
  };
  input.addEventListener("input", apply);
  apply(); // a reloaded page may come with the old words
}
