// Words as a heat map: blue speaks for the answer, orange against it, each with its number.
import { byId, element, number, rove } from "./dom.js";

export function showAttribution(found, asked) {
  const method = found.methods[0];
  const values = wordsOf(found.tokens, method);
  const most = Math.max(...values.map((word) => Math.abs(word.value)), Number.MIN_VALUE);
  byId("attribution-shows").textContent = `${method.method}${method.setting ? ` (${method.setting})` : ""}: ${method.shows}`;
  heat(byId("heat-question"), asked.question, values.filter((word) => word.question), most);
  heat(byId("heat-context"), asked.context, values.filter((word) => !word.question), most);
  byId("attribution").hidden = false;
}

// Pieces of a word come together: their values add up, but where words were masked as one each piece has the word's value.
function wordsOf(tokens, method) {
  const words = [];
  for (const [i, token] of tokens.entries()) {
    if (token.start_utf16 === null) continue;
    const last = words.at(-1);
    if (token.token.startsWith("##") && last && last.end === token.start_utf16) {
      last.end = token.end_utf16;
      if (method.method !== "occlusion") last.value += method.values[i];
    } else {
      words.push({
        start: token.start_utf16,
        end: token.end_utf16,
        question: token.group === "question",
        answer: token.group === "answer",
        value: method.values[i],
      });
    }
  }
  return words;
}

function heat(into, text, words, most) {
  const parts = [];
  const buttons = [];
  let place = 0;
  for (const word of words) {
    parts.push(text.slice(place, word.start));
    const button = wordButton(text.slice(word.start, word.end), word, most);
    parts.push(button);
    buttons.push(button);
    place = word.end;
  }
  parts.push(text.slice(place));
  into.replaceChildren(...parts);
  rove(buttons);
}

function wordButton(shown, word, most) {
  const button = element("button", `word ${word.value < 0 ? "against" : "for"}${word.answer ? " answer" : ""}`, shown);
  button.type = "button";
  button.style.setProperty("--weight", `${(100 * Math.abs(word.value)) / most}%`);
  const told = `${shown}: ${number(word.value)} ${word.value < 0 ? "against" : "for"} the answer`;
  button.setAttribute("aria-label", told);
  const tell = () => (byId("word-value").textContent = told);
  for (const event of ["focus", "pointermove"]) button.addEventListener(event, tell);
  return button;
}
