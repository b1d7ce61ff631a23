// The tab that labels: the model's answer stands there already, its user accepts or mends it, the least certain first.
import { startChooser } from "./chooser.js";
import { byId, percent, showError } from "./dom.js";
import { guess } from "./guesses.js";
import { browserStore, serverStore } from "./label-stores.js";
import { parse, toJsonl, toSquad } from "./question-file.js";

let store = browserStore;
let questions = [];
let labels = new Map();
let guesses = new Map();
let current = null;
let chosen = null;
let seen = []; // ids in the order they were shown, for the way back
let skipped = new Set();
let touched = false; // whether its user has begun: then the question shown stays
let saving = false; // one at a time, or the file may keep another label than the page shows
let round = 0; // of asking the model: a new file ends the one before
let chooser;

export async function startLabel() {
  chooser = startChooser(byId("label-text"), tellChosen);
  for (const event of ["pointerdown", "keydown"]) byId("labelling").addEventListener(event, () => (touched = true));
  byId("file").addEventListener("change", readFile);
  byId("paste-form").addEventListener("submit", addPasted);
  byId("accept").addEventListener("click", () => save(chosen));
  byId("no-answer").addEventListener("click", () => save(null));
  byId("skip").addEventListener("click", skip);
  byId("previous").addEventListener("click", back);
  byId("label-text").addEventListener("keydown", shortcut);
  byId("save-squad").addEventListener("click", () => download("labels.json", toSquad(questions, labels), "application/json"));
  byId("save-jsonl").addEventListener("click", () => download("labels.jsonl", toJsonl(questions, labels), "application/x-ndjson"));
  byId("forget").addEventListener("click", forget);
  await resume();
}

// 'xdistil data label' opens the page with its questions; else those that this browser has kept come back.
async function resume() {
  try {
    if (new URLSearchParams(location.search).get("questions") === "server") {
      store = serverStore;
      byId("label-sources").hidden = true;
      byId("label-downloads").hidden = true;
    }
    const kept = await store.load();
    if (kept) begin(kept.questions, kept.labels);
  } catch (error) {
    showError("label-error", error);
  }
}

async function readFile() {
  const [file] = byId("file").files;
  if (!file) return;
  showError("label-error", null);
  try {
    const read = parse(await file.text(), file.name);
    if (read.length === 0) throw new Error(`${file.name}: found no question.`);
    const done = read.filter((question) => question.label !== undefined).map((question) => [question.id, question.label]);
    begin(read, new Map(done));
    keep();
  } catch (error) {
    showError("label-error", error);
  }
}

function addPasted(event) {
  event.preventDefault();
  const context = byId("paste-text").value;
  const asked = byId("paste-questions").value.split("\n").filter((line) => line.trim() !== "");
  const added = asked.map((question) => ({ id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, title: "", question: question.trim(), context }));
  byId("paste-form").reset();
  begin([...questions, ...added], labels);
  keep();
}

function begin(all, done) {
  questions = all;
  labels = done;
  guesses = new Map();
  seen = [];
  skipped = new Set();
  touched = false;
  current = null;
  byId("labelling").hidden = false;
  askModel();
  next(false);
}

async function askModel() {
  const mine = ++round;
  const open = questions.filter((question) => !labels.has(question.id));
  byId("label-status").textContent = open.length === 0 ? "" : "The model reads the questions…";
  try {
    await guess(
      open,
      (some) => {
        for (const [id, guessed] of some) guesses.set(id, guessed);
        byId("label-status").textContent = `The model has read ${guesses.size} of ${open.length} questions`;
        if (!touched) begunWith();
        else if (!chosen && some.some(([id]) => id === current?.id)) show(current, false);
      },
      () => mine === round,
    );
  } catch (error) {
    if (mine === round) showError("label-error", error);
  }
}

// Nothing is done yet: begin with the least certain of those that the model has read.
function begunWith() {
  seen = [];
  next(false);
}

const certainty = (question) => (guesses.has(question.id) ? (guesses.get(question.id).probability ?? 0) : 2);

// The least certain of those that are open; skipped ones come last, in a new round.
function next(focus = true) {
  const open = questions.filter((question) => !labels.has(question.id));
  if (open.length > 0 && open.every((question) => skipped.has(question.id))) skipped = new Set();
  const left = open.filter((question) => !skipped.has(question.id));
  const least = left.reduce((least, question) => (least && certainty(least) <= certainty(question) ? least : question), null);
  show(least, focus);
}

function show(question, focus) {
  current = question;
  if (question && seen.at(-1) !== question.id) seen.push(question.id);
  for (const id of ["accept", "no-answer", "skip"]) byId(id).disabled = question === null;
  byId("previous").disabled = seen.length === 0;
  byId("label-question").textContent = question ? question.question : "All questions are labelled";
  byId("label-guess").textContent = question ? told(question) : "";
  chooser.show(question?.context ?? "", question ? begun(question) : null);
  showProgress();
  if (focus) byId(question ? "label-text" : "label-question").focus({ preventScroll: true });
}

const begun = (question) => (labels.has(question.id) ? labels.get(question.id) : (guesses.get(question.id)?.span ?? null));

function told(question) {
  const labelled = labels.has(question.id) ? "Labelled already. " : "";
  const guessed = guesses.get(question.id);
  if (!guessed) return labelled;
  const answer = guessed.span ? `“${question.context.slice(guessed.span.start, guessed.span.end)}”` : "no answer";
  return `${labelled}The model: ${answer} (${percent(guessed.probability)})`;
}

function tellChosen(span) {
  chosen = span;
  byId("accept").disabled = span === null;
  const text = span && current ? `Chosen: ${current.context.slice(span.start, span.end)}` : "Nothing is chosen";
  byId("label-chosen").textContent = current ? text : "";
}

function showProgress() {
  const done = questions.filter((question) => labels.has(question.id)).length;
  byId("label-count").textContent = `${done} of ${questions.length} questions labelled`;
  byId("label-progress").max = Math.max(1, questions.length);
  byId("label-progress").value = done;
}

async function save(label) {
  if (!current || saving) return;
  saving = true;
  try {
    await saveNow(label);
  } finally {
    saving = false;
  }
}

async function saveNow(label) {
  const question = current;
  const before = labels.has(question.id) ? [labels.get(question.id)] : [];
  labels.set(question.id, label);
  showError("label-error", null);
  try {
    await store.save(questions, labels, question);
  } catch (error) {
    showError("label-error", error);
    if (store === serverStore) {
      if (before.length) labels.set(question.id, before[0]);
      else labels.delete(question.id);
      return;
    }
  }
  next();
}

function keep() {
  try {
    store.save(questions, labels);
  } catch (error) {
    showError("label-error", error);
  }
}

function skip() {
  if (!current) return;
  skipped.add(current.id);
  next();
}

function back() {
  if (current) seen.pop();
  const before = questions.find((question) => question.id === seen.at(-1));
  if (before) show(before, true);
  else if (current) seen.push(current.id);
}

function shortcut(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat || !current) return;
  const act = {
    Enter: () => chosen && save(chosen),
    n: () => save(null),
    s: skip,
    b: back,
    m: () => chooser.choose(guesses.get(current.id)?.span ?? null),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function forget() {
  if (!byId("forget").dataset.sure) {
    byId("forget").dataset.sure = "true";
    byId("forget").textContent = "Forget them: labels that are not downloaded are lost";
    return;
  }
  delete byId("forget").dataset.sure;
  byId("forget").textContent = "Forget these questions";
  round++;
  store.forget();
  questions = [];
  labels = new Map();
  current = null;
  byId("labelling").hidden = true;
  byId("label-status").textContent = "";
  byId("file").value = "";
}

function download(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  byId("label-status").textContent = `${name}: ${labels.size} labelled questions; those without a label are not in it.`;
}
