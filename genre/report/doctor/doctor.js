"use strict";

const content = JSON.parse(document.getElementById("content").textContent);
const articles = [...document.querySelectorAll("article")];
const [genre, kind, shown, save] = ["genre", "kind", "shown", "save"].map((id) => document.getElementById(id));
const keyOf = (place) => JSON.stringify(content.asked[place]); // of a cell: film and genre

// cell -> 1 (has it) or 0 (has it not); a browser may keep nothing, and then the marks last as long as the page
const marks = new Map();
let kept = true;
try {
  const before = Object.entries(JSON.parse(localStorage.getItem(content.key)) ?? {});
  for (const [key, value] of before) if (value === 0 || value === 1) marks.set(key, value);
} catch {
  kept = false;
}

const keep = () => {
  try {
    localStorage.setItem(content.key, JSON.stringify(Object.fromEntries(marks)));
  } catch {
    kept = false;
  }
};

const visible = () => articles.filter((article) => !article.hidden);

const show = (article) => {
  const value = marks.get(keyOf(articles.indexOf(article)));
  article.classList.toggle("marked", value !== undefined);
  for (const button of article.querySelectorAll("button"))
    button.setAttribute("aria-pressed", String(Number(button.dataset.value) === value));
};

const count = () => {
  const marked = articles.filter((_, place) => marks.has(keyOf(place))).length;
  const lost = kept ? "" : ", kept by this page alone";
  shown.textContent = `${visible().length} shown, ${marked} marked${lost}`;
  save.disabled = marked === 0;
};

const mark = (article, value) => {
  const key = keyOf(articles.indexOf(article));
  if (value === undefined || marks.get(key) === value) marks.delete(key);
  else marks.set(key, value);
  keep();
  show(article);
  count();
};

const filter = () => {
  for (const article of articles) {
    const kinds = article.dataset.kind; // such as "missing unknown"
    const chosen = !kind.value || kinds === kind.value || kinds.split(" ")[0] === kind.value;
    article.hidden = !chosen || (genre.value !== "" && article.dataset.genre !== genre.value);
  }
  count();
};

const go = (article) => {
  if (!article) return;
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: "nearest" });
};

const cell = (value) => (/[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

// what was decided before the run was trained, and what is marked here
const corrections = () => {
  const here = content.asked.map((asked, place) => [...asked, marks.get(keyOf(place))]);
  const rows = [...content.decided, ...here.filter((row) => row[2] !== undefined)];
  return [["movie_id", "genre", "value"], ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
};

save.addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([corrections()], { type: "text/csv" }));
  link.download = "corrections.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
});

document.querySelector("main").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) mark(button.closest("article"), Number(button.dataset.value));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select")) return;
  const here = document.activeElement?.closest("article"), among = visible(), place = among.indexOf(here);
  if (event.key === "j") go(among[place + 1]);
  else if (event.key === "k") go(among[place - 1]);
  else if (here && event.key === "u") mark(here, undefined);
  else if (here && (event.key === "r" || event.key === "w")) {
    const button = here.querySelector(`[data-mark=${event.key === "r" ? "right" : "wrong"}]`);
    if (button.getAttribute("aria-pressed") === "false") button.click();
    go(among[place + 1]);
  } else return;
  event.preventDefault();
});

for (const select of [genre, kind]) select.addEventListener("change", filter);
articles.forEach(show);
filter(); // a reloaded page may come with the old choice
