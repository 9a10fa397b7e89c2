"use strict";
for (const form of document.querySelectorAll("form.filters")) {
  const table = document.getElementById(form.dataset.for);
  const output = form.querySelector("output");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const wanted = [...new FormData(form)].filter(([, value]) => value);
    let shown = 0;
    for (const line of table.querySelectorAll(".line")) {
      line.hidden = !wanted.every(([name, value]) => line.dataset[name].split(" ").includes(value));
      shown += line.hidden ? 0 : 1;
    }
    for (const place of table.querySelectorAll("tr.place")) {
      place.hidden = !place.parentElement.querySelector(".line:not([hidden])");
    }
    for (const bundle of table.querySelectorAll(".bundle")) {
      bundle.hidden = !bundle.querySelector(".line:not([hidden])");
      bundle.open = wanted.length > 0;
    }
    output.textContent = output.dataset.text.replace("#", shown);
  });
}
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".grid details[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".grid details[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// A large matrix: what a field means and what differs there, for whoever points at it or walks there by keyboard.
const dense = document.querySelector("table.dense");
if (dense) {
  const panel = document.getElementById("detail");
  const words = JSON.parse(dense.dataset.words);
  const heads = [...dense.querySelectorAll(".names th")];
  let gaps = null;
  let here = dense.querySelector(".line td");
  const made = (name, text, inside) => {
    const node = document.createElement(name);
    node.textContent = text;
    inside.append(node);
    return node;
  };
  const key = (platform, subject) => `${platform}\n${subject}`;
  const found = () => {
    const lines = new Map();
    for (const block of document.querySelectorAll("#todo .block")) {
      for (const line of block.querySelectorAll("tbody tr")) {
        for (const name of line.cells[0].children) {
          const at = key(block.dataset.platform, name.textContent);
          lines.set(at, [...(lines.get(at) || []), { block, line }]);
        }
      }
    }
    return lines;
  };
  const meaning = (cell) => {
    if (!cell.className) return words.none[""];
    const letter = cell.className === "u" ? cell.textContent.trim().split(" ").pop() : "";
    const start = cell.textContent.includes("→") && words.said.can_start;
    const differing = cell.className === "g" && cell.textContent.trim();
    return [words.states[cell.className], words.reasons[letter], start, differing].filter(Boolean).join(", ");
  };
  const show = (cell) => {
    gaps = gaps || found();
    const box = cell.getBoundingClientRect(); // before anything is changed, so that nothing is laid out twice
    const row = cell.parentElement.cells[0];
    const names = [...row.querySelectorAll("bdi")].map((name) => name.textContent);
    const head = heads[cell.cellIndex];
    panel.replaceChildren();
    made("b", names.filter((name, at) => names.indexOf(name) === at).join(", "), panel);
    made("p", `${head.textContent}: ${meaning(cell)}`, panel);
    const list = made("ul", "", panel);
    for (const { block, line } of gaps.get(key(head.dataset.id, [...new Set(names)].join(", "))) || []) {
      const item = made("li", "", list);
      made("a", block.querySelector("summary b").textContent, item).href = `#${block.id}`;
      made("span", `${words.said.shown}: ${line.cells[1].textContent.trim()}`, item);
      const stated = line.cells[2].textContent.trim();
      if (stated !== "–") made("span", `${words.said.stated}: ${stated}`, item);
    }
    panel.classList.toggle("above", box.top + box.height / 2 > window.innerHeight / 2);
    panel.hidden = false;
  };
  const go = (cell) => {
    here.tabIndex = -1;
    here = cell;
    here.tabIndex = 0;
    here.focus();
  };
  const rows = [...dense.querySelectorAll(".line")];
  const next = (cell, across, down) => {
    let row = rows.indexOf(cell.parentElement);
    let column = cell.cellIndex;
    let found = null;
    do {
      row += down;
      column += across;
      found = column > 0 ? rows[row]?.cells[column] : null;
    } while (found && found.offsetParent === null); // left out by a filter
    return found;
  };
  const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  dense.setAttribute("role", "grid");
  here.tabIndex = 0;
  dense.addEventListener("mouseover", (event) => event.target.closest(".line td") && show(event.target.closest("td")));
  dense.addEventListener("focusin", (event) => event.target.matches(".line td") && show(event.target));
  dense.addEventListener("click", (event) => event.target.closest(".line td") && go(event.target.closest("td")));
  dense.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const cell = step && next(here, ...step);
    if (step) event.preventDefault();
    if (cell) go(cell);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") panel.hidden = true;
  });
  document.addEventListener("mouseover", (event) => {
    if (!event.target.closest(".dense, .detail") && !dense.contains(document.activeElement)) panel.hidden = true;
  });
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest(".dense, .detail")) panel.hidden = true;
  });
}
