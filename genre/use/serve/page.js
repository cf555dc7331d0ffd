// Words that speak for the genre under the pointer or the focus; a table sent and its answer saved.
"use strict";
(() => {
  const shown = (bar) => {
    const answer = bar.closest(".answer");
    for (const other of answer.querySelectorAll(".bar")) other.classList.toggle("shown", other === bar);
    const words = answer.querySelector(".words");
    if (!words) return;
    const label = bar.dataset.label;
    const weights = JSON.parse(words.dataset.weights)[label];
    const most = weights ? Math.max(...weights, 0) : 0;
    const said = [];
    for (const word of words.querySelectorAll("[data-word]")) {
      const share = most > 0 ? weights[Number(word.dataset.word)] / most : 0;
      word.classList.toggle("for", share >= 0.25);
      word.classList.toggle("strong", share >= 0.6);
      if (share >= 0.25) said.push(word.textContent);
    }
    answer.querySelector(".told").textContent = !weights
      ? `The words for ${label} were not looked for: only those of the likeliest genres.`
      : said.length ? `For ${label}: ${said.join(", ")}.` : `No word speaks for ${label}.`;
  };
  for (const kind of ["mouseover", "focusin", "click"])
    document.addEventListener(kind, (event) => {
      const bar = event.target.closest?.(".bar");
      if (bar) shown(bar);
    });
  new MutationObserver(() => {
    for (const words of document.querySelectorAll(".words:not([data-seen])")) {
      words.dataset.seen = "";
      shown(words.closest(".answer").querySelector(".bar.given"));
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form.table")) return;
    event.preventDefault();
    const told = form.querySelector(".told"), button = form.querySelector("button"), file = form.elements.file.files[0];
    const say = (text, failed = false) => {
      told.textContent = text;
      told.classList.toggle("failed", failed);
    };
    if (!file) return say("Choose a file.", true);
    const most = Number(form.dataset.bytes);
    if (file.size > most) return say(`${file.name}: has ${(file.size / 1e6).toFixed(1)} MB; at most ${most / 1e6} MB are taken here.`, true);
    button.disabled = true;
    say("Reading …");
    try {
      const query = new URLSearchParams({ name: file.name, probabilities: form.elements.probabilities.checked });
      const answer = await fetch(`api/table?${query}`, { method: "POST", body: file });
      if (!answer.ok) return say((await answer.json()).error, true);
      const name = decodeURIComponent(answer.headers.get("Content-Disposition").split("''")[1]);
      const rows = Number(answer.headers.get("X-Rows")), unread = Number(answer.headers.get("X-Rows-Unread"));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = link.textContent = name;
      say(`${rows.toLocaleString("en")} rows${unread ? `, ${unread.toLocaleString("en")} of them without genres` : ""}: `);
      told.append(link);
      link.click();
    } catch (error) {
      say(`The table was not answered (${error.message}).`, true);
    } finally {
      button.disabled = false;
    }
  });
})();
