{
  // films by genre and by what was said of it: cells are pairs such as ["Drama", "missed"]
  const [genre, kind, shown] = ["genre", "kind", "shown"].map((id) => document.getElementById(id));
  const articles = [...document.querySelectorAll("article")];
  const cells = articles.map((article) => JSON.parse(article.dataset.cells));
  const filter = () => {
    const kinds = kind.value.split(" ").filter(Boolean);
    articles.forEach((article, place) => {
      article.hidden = !cells[place].some(
        ([name, said]) => (!genre.value || name === genre.value) && (!kinds.length || kinds.includes(said)),
      );
    });
    shown.textContent = `${articles.filter((article) => !article.hidden).length} of ${articles.length} shown`;
  };
  for (const select of [genre, kind]) select.addEventListener("change", filter);
  filter(); // a reloaded page may come with the old choice
}
