// The tab that asks: text, question and options to the answers, marked in the text.
import { get, post } from "./api.js";
import { byId, element, number, percent, rove, showError } from "./dom.js";
import { examples } from "./examples.js";
import { scrollTo, showMarked } from "./texts.js";

/** @param answered is told each question that was answered, to explain it. */
export function startAsk(answered) {
  for (const example of examples) byId("example").append(new Option(example.name));
  byId("example").addEventListener("change", showExample);
  showExample();
  byId("ask-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(answered);
  });
  listModels();
}

function showExample() {
  const example = examples[byId("example").selectedIndex];
  byId("context").value = example.context;
  byId("question").value = example.question;
}

/** Offers the server's models. */
export async function listModels() {
  byId("model").replaceChildren(new Option("the server's first", ""));
  try {
    const { models } = await get("v1/models");
    byId("model").replaceChildren(...models.map((model) => new Option(model.name, model.name)));
    showError("ask-error", null);
  } catch (error) {
    showError("ask-error", error);
  }
}

function request() {
  const options = { top_k: byId("top-k").valueAsNumber || 1, always_answer: byId("always").checked };
  if (byId("decoder").value) options.decoder = byId("decoder").value;
  const asked = { question: byId("question").value, context: byId("context").value, options };
  if (byId("model").value) asked.model = byId("model").value;
  return asked;
}

async function ask(answered) {
  const asked = request();
  byId("ask-button").disabled = true;
  byId("ask-status").textContent = "Reading…";
  showError("ask-error", null);
  try {
    const { answers } = await post("v1/answers", asked);
    show(asked.context, answers[0]);
    answered(asked, answers[0]);
  } catch (error) {
    byId("answers").hidden = true;
    byId("ask-status").textContent = "";
    showError("ask-error", error);
  } finally {
    byId("ask-button").disabled = false;
  }
}

function show(context, record) {
  const told = record.answer === "" ? "No answer in this text" : `Answer: ${record.answer}`;
  byId("ask-status").textContent = `${told} (${percent(record.probability)})`;
  byId("answers").hidden = false;

  const entries = record.answers.map((span) => entry(context, span));
  byId("n-best").replaceChildren(...entries.map((button) => element("li", "", button)));
  rove(entries);
  const answer = record.answer === "" ? null : spanOf(record);
  showMarked(byId("marked"), context, answer);
  const shown = record.answers.findIndex((span) => answer && span.start_utf16 === answer.start && span.end_utf16 === answer.end);
  press(entries, shown);

  const figures = [
    ["Probability", percent(record.probability)],
    ["Score", number(record.score)],
    ["Score of no answer", number(record.null_score)],
    ["Decoder", record.decoder],
    ["Sentence", record.sentence ?? "–"],
  ];
  byId("figures").replaceChildren(...figures.map(([name, value]) => element("div", "", element("dt", "", name), element("dd", "", value))));
}

const spanOf = (span) => ({ start: span.start_utf16, end: span.end_utf16 });

function entry(context, span) {
  const bar = element("span", "bar");
  bar.style.setProperty("--share", `${100 * (span.probability ?? 0)}%`);
  const none = span.text === "";
  const button = element("button", "", element("span", none ? "none" : "", none ? "no answer" : span.text), bar, element("span", "share", percent(span.probability)));
  button.type = "button";
  button.addEventListener("click", () => {
    press([...byId("n-best").querySelectorAll("button")], [...byId("n-best").children].indexOf(button.parentElement));
    scrollTo(showMarked(byId("marked"), context, none ? null : spanOf(span)));
  });
  return button;
}

function press(entries, place) {
  for (const [i, button] of entries.entries()) button.setAttribute("aria-pressed", String(i === place));
}
