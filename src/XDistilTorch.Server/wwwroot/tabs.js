// Tabs as the ARIA authoring practices have them: one is in the tab order, arrow keys go between them.
import { byId } from "./dom.js";

const names = ["ask", "why", "label"];

export function startTabs() {
  const tabs = names.map((name) => byId(`tab-${name}`));
  for (const [place, tab] of tabs.entries()) {
    tab.addEventListener("click", () => open(names[place]));
    tab.addEventListener("keydown", (event) => {
      const next = target(event.key, place, tabs.length);
      if (next === null) return;
      event.preventDefault();
      open(names[next]);
      tabs[next].focus();
    });
  }
  window.addEventListener("hashchange", openNamed);
  openNamed();
}

function target(key, place, count) {
  switch (key) {
    case "ArrowRight":
      return (place + 1) % count;
    case "ArrowLeft":
      return (place + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

function openNamed() {
  const name = location.hash.slice(1);
  show(names.includes(name) ? name : names[0]);
}

function open(name) {
  history.replaceState(null, "", `#${name}`);
  show(name);
}

function show(open) {
  for (const name of names) {
    const tab = byId(`tab-${name}`);
    tab.setAttribute("aria-selected", String(name === open));
    tab.tabIndex = name === open ? 0 : -1;
    byId(name).hidden = name !== open;
  }
}
