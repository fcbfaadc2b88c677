"use strict";
// Search, filters and progress. The page is whole without this: what it cannot do then is hidden.
(() => {
  const byId = (id) => document.getElementById(id);
  const guide = JSON.parse(byId("guide").textContent);
  const finder = byId("finder");
  const facets = ["round", "category", "difficulty"];
  const counted = (number, of) => (number === of ? `${of}` : `${number} of ${of}`);
  const plural = (number) => (number === 1 ? "question" : "questions");

  const questions = guide.questions.map((question) => {
    const article = byId(question.anchor);
    return { ...question, article, tick: article.querySelector(".tick input") };
  });

  // --------------------------------------------------------------------------------- search

  // Without case and accents.
  const folded = (text) => text.normalize("NFKD").replace(/[\p{Mn}\u00ad]/gu, "").toLowerCase();

  // What there is to find in a question: all its words but the page's own labels.
  const words = (question) => {
    if (question.words === undefined) {
      const copy = question.article.cloneNode(true);
      for (const label of copy.querySelectorAll("summary, h4, label, .links")) label.remove();
      question.words = folded([copy.textContent, ...question.tags].join("\n"));
    }
    return question.words;
  };

  const has = (name) => (question, value) => [question[name]].flat().includes(value);
  const tests = {
    q: (question, terms) => terms.every((term) => words(question).includes(term)),
    todo: (question) => !done.has(question.id),
    ...Object.fromEntries(facets.map((name) => [name, has(name)])),
  };

  // The filters that are set, by name.
  const chosen = () =>
    Object.fromEntries([...new FormData(finder)].filter(([, value]) => value.trim()));

  const options = facets.flatMap((name) =>
    [...finder.elements[name].options]
      .filter((option) => option.value)
      .map((option) => ({ name, option, title: option.textContent })),
  );

  const filter = () => {
    const wanted = chosen();
    const filtering = Object.keys(wanted).length > 0;
    if (wanted.q) wanted.q = folded(wanted.q).split(/\s+/).filter(Boolean);
    const found = new Map();
    let shown = 0;
    for (const question of questions) {
      const failed = Object.keys(wanted).filter((name) => !tests[name](question, wanted[name]));
      question.article.hidden = failed.length > 0;
      shown += !failed.length;
      // An option counts what it would show, were it the one that is chosen.
      for (const name of facets.filter((name) => failed.every((other) => other === name))) {
        for (const value of [question[name]].flat()) {
          const key = `${name}=${value}`;
          found.set(key, (found.get(key) ?? 0) + 1);
        }
      }
    }
    for (const { name, option, title } of options) {
      option.textContent = `${title} (${found.get(`${name}=${option.value}`) ?? 0})`;
    }
    for (const round of document.querySelectorAll(".round")) {
      const all = round.querySelectorAll("article").length;
      const left = round.querySelectorAll("article:not([hidden])").length;
      round.hidden = filtering && !left;
      round.querySelector(".count").textContent = `${counted(left, all)} ${plural(all)}`;
    }
    document.body.classList.toggle("filtering", filtering);
    document.querySelector(".nothing").hidden = shown > 0 || !filtering;
    byId("shown").textContent = `${counted(shown, questions.length)} ${plural(questions.length)}`;
  };

  // -------------------------------------------------------------------------------- address

  // Behind the # stand a place of the page, filters, or both: #4.07&difficulty=hard
  const parsed = () => {
    const parts = location.hash.slice(1).split("&").filter(Boolean);
    const anchor = parts.length && !parts[0].includes("=") ? parts.shift() : "";
    return { anchor, filters: parts.length ? new URLSearchParams(parts.join("&")) : null };
  };

  const keep = (anchor = "") => {
    const filters = new URLSearchParams(chosen()).toString();
    const hash = [anchor, filters].filter(Boolean).join("&");
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  const fill = (filters) => {
    finder.reset();
    for (const [name, value] of filters) {
      const control = finder.elements.namedItem(name);
      if (control?.type === "checkbox") control.checked = value === control.value;
      else if (control) control.value = value;
    }
    for (const name of facets) finder.elements[name].value ||= "";
  };

  // To where the address says, with its filters; those that would hide the place give way.
  const follow = () => {
    const { anchor, filters } = parsed();
    if (filters || !anchor) fill(filters ?? []);
    filter();
    const target = anchor && byId(anchor);
    if (!target) return;
    if (!target.checkVisibility()) {
      fill([]);
      filter();
    }
    keep(anchor);
    target.focus({ preventScroll: true });
    target.scrollIntoView();
  };

  const refine = () => {
    filter();
    keep();
    const found = byId("questions");
    if (found.getBoundingClientRect().top < 0) found.scrollIntoView();
  };

  // ------------------------------------------------------------------------------- progress

  const key = `deckgen:${guide.id}`;
  const says = (text) => (byId("says").textContent = text);

  // The dates of what is done, by the question's id; nothing else that may stand there.
  const dates = (value) =>
    new Map(Object.entries(value ?? {}).filter(([, date]) => /^\d{4}-\d\d-\d\d$/.test(date)));

  const stored = () => {
    try {
      return dates(JSON.parse(localStorage.getItem(key)));
    } catch {
      return new Map();
    }
  };

  const store = () => {
    try {
      localStorage.setItem(key, JSON.stringify(Object.fromEntries(done)));
    } catch {
      says("This browser keeps nothing for this page: save your progress to a file.");
    }
  };

  const today = () => {
    const now = new Date();
    const two = (number) => `${number}`.padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  const mark = () => {
    for (const { id, article, tick } of questions) {
      const date = done.get(id) ?? "";
      tick.checked = Boolean(date);
      article.classList.toggle("done", tick.checked);
      const time = article.querySelector(".tick time");
      time.textContent = time.dateTime = date;
    }
    const number = questions.filter(({ id }) => done.has(id)).length;
    byId("done").textContent = `${number} of ${questions.length} done`;
    byId("bar").max = questions.length || 1;
    byId("bar").value = number;
  };

  const save = () => {
    const content = JSON.stringify({ guide: guide.id, done: Object.fromEntries(done) }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
    link.download = `${guide.id}-progress.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  // Adds what a file says is done; the later date counts.
  const load = async (file) => {
    try {
      const content = JSON.parse(await file.text());
      if (content.guide !== guide.id) throw new TypeError("another guide's");
      for (const [id, date] of dates(content.done)) {
        if (date > (done.get(id) ?? "")) done.set(id, date);
      }
      says("Loaded.");
      store();
      mark();
    } catch {
      says("This is no progress file of this guide.");
    }
  };

  const clear = () => {
    if (!confirm("Forget what is done in this guide?")) return;
    done.clear();
    says("Cleared.");
    store();
    mark();
  };

  let done = stored();

  // --------------------------------------------------------------------------------- events

  // A question that is ticked stays in view, whatever the filters, until they are set again.
  for (const { id, tick } of questions) {
    tick.addEventListener("change", () => {
      if (tick.checked) done.set(id, today());
      else done.delete(id);
      store();
      mark();
    });
  }
  finder.addEventListener("input", refine);
  finder.addEventListener("submit", (event) => event.preventDefault());
  byId("restart").addEventListener("click", () => {
    finder.reset();
    refine();
  });
  finder.querySelector(".more").addEventListener("click", ({ currentTarget: button }) => {
    const open = finder.classList.toggle("open");
    button.setAttribute("aria-expanded", open);
  });
  byId("unfold").addEventListener("click", ({ currentTarget: button }) => {
    const open = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", open);
    for (const each of document.querySelectorAll("article details")) each.open = open;
  });
  byId("save").addEventListener("click", save);
  byId("load").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", ({ target }) => target.files[0] && load(target.files[0]));
  byId("clear").addEventListener("click", clear);
  window.addEventListener("storage", (event) => {
    if (event.key !== key && event.key !== null) return;
    done = stored(); // another tab has been at it
    mark();
  });
  window.addEventListener("hashchange", follow);

  document.documentElement.classList.add("scripting");
  mark();
  follow();
})();
