// Building the page from text.

export const byId = (id) => document.getElementById(id);

/** An element of a class with texts and elements inside; strings become text nodes, so markup in them is only shown. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Shows what went wrong, or with null that nothing did. */
export function showError(id, error) {
  byId(id).textContent = error ? error.message : "";
}

/** A number with three digits, or a dash where there is none. */
export const number = (value) => (value === null || value === undefined ? "–" : Number(value).toPrecision(3));

/** A share as a percentage with one decimal; what would look like nothing is told to be little. */
export function percent(value) {
  if (value === null || value === undefined) return "–";
  return value > 0 && value < 0.0005 ? "< 0.1 %" : `${(100 * value).toFixed(1)} %`;
}

/** Arrow keys go between the elements, of which one is in the tab order. */
export function rove(elements) {
  for (const [place, one] of elements.entries()) {
    one.tabIndex = place === 0 ? 0 : -1;
    one.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const next = event.key === "Home" ? elements[0] : event.key === "End" ? elements.at(-1) : step && elements[place + step];
      if (!next) return;
      event.preventDefault();
      one.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  }
}
