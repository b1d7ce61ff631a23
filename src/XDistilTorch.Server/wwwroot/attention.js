// Layer by layer, over all heads: where the answer's tokens look, and who looks at them.
import { byId, element, percent } from "./dom.js";

const listed = 6;

export function showAttention(found, context) {
  const names = found.tokens.map((token, i) => (found.offsets_utf16[2 * i] === found.offsets_utf16[2 * i + 1] ? token : shown(found, context, i)));
  const sink = (i) => found.groups[i] === "cls" || found.groups[i] === "sep";
  const all = found.tokens.map((_, i) => i).filter((i) => !byId("without-sinks").checked || !sink(i));
  byId("attention-shows").textContent = found.note;
  byId("layers").replaceChildren(
    ...found.layers.map((layer) =>
      element(
        "li",
        "",
        element("h4", "", `Layer ${layer.layer}`),
        ranking("looks at", layer.mean.looks_at, all, names, found.groups),
        ranking("looked at by", layer.mean.looked_at_by, all, names, found.groups),
      ),
    ),
  );
  byId("attention").hidden = false;
}

function shown(found, context, i) {
  const text = found.groups[i] === "question" ? found.question : context;
  return text.slice(found.offsets_utf16[2 * i], found.offsets_utf16[2 * i + 1]);
}

function ranking(title, shares, all, names, groups) {
  const first = [...all].sort((a, b) => shares[b] - shares[a]).slice(0, listed);
  const items = first.map((i) => {
    const item = element("li", groups[i], element("span", "", names[i]), " ", element("span", "share", percent(shares[i])));
    item.style.setProperty("--share", `${100 * Math.min(1, shares[i])}%`);
    return item;
  });
  return element("div", "ranking", element("h5", "", title), element("ol", "", ...items));
}
