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
