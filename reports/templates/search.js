"use strict";
const form = document.querySelector("form.search");
const list = document.getElementById("found");
const count = document.getElementById("count");
const MOST = 100;
const fold = (text) => text.toLowerCase().replace(/ß/g, "ss").replace(/[äöü]/g, (sign) => ({ ä: "ae", ö: "oe", ü: "ue" })[sign]).normalize("NFD").replace(/\p{M}/gu, "");
const entries = [];
for (const [name, file, lines] of FINDBAR) {
  entries.push([fold(name), name, "", file]);
  lines.forEach((line, at) => entries.push([fold(`${line} ${name}`), line, name, `${file}#s${at + 1}`]));
}
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  const words = fold(form.q.value).split(/\s+/).filter(Boolean);
  const hits = words.length ? entries.filter(([text]) => words.every((word) => text.includes(word))) : [];
  list.replaceChildren(...hits.slice(0, MOST).map(([, name, of, href]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = href;
    link.textContent = name;
    const where = document.createElement("span");
    where.className = "small";
    where.textContent = of;
    item.append(link, where);
    return item;
  }));
  list.hidden = !hits.length;
  count.textContent = !words.length ? "" : hits.length ? count.dataset.some.replace("#", hits.length) : count.dataset.none;
});
