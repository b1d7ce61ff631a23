// Where questions and labels are kept: in this browser, or in the file of 'xdistil data label'.
import { get, put } from "./api.js";
import { fromRow } from "./question-file.js";

const name = "xdistil-labels";

/** Keeps all in this browser until it is told to forget. */
export const browserStore = {
  load() {
    try {
      const kept = JSON.parse(localStorage.getItem(name));
      return kept ? { questions: kept.questions, labels: new Map(kept.labels) } : null;
    } catch {
      return null; // of another version of this page, or damaged: as if there were none
    }
  },
  save(questions, labels) {
    try {
      localStorage.setItem(name, JSON.stringify({ questions, labels: [...labels] }));
    } catch {
      throw new Error("This browser cannot keep so much: download the labels before you leave this page.");
    }
  },
  forget: () => localStorage.removeItem(name),
};

/** Keeps labels in the file that the server was started for. */
export const serverStore = {
  async load() {
    const { rows, labelled } = await get("v1/label/questions");
    const done = new Set(labelled);
    const questions = rows.map((row) => fromRow(row, `question ${row.id}`));
    const labels = new Map(questions.filter((question) => done.has(question.id)).map((question) => [question.id, question.label ?? null]));
    return { questions, labels };
  },
  async save(_questions, labels, changed) {
    const label = labels.get(changed.id);
    await put(`v1/label/answers/${encodeURIComponent(changed.id)}`, label ? { start_utf16: label.start, end_utf16: label.end } : {});
  },
};
