// Question files: SQuAD JSON and rows as JSONL are read, both are written. Labels are { start, end } in UTF-16 units, or null: no answer.
import { toCodePoints, toUtf16 } from "./texts.js";

/** The questions of a file; those that came with an answer, or with none on purpose, have a label. */
export function parse(text, name) {
  const rows = isWhole(text) ? fromWhole(JSON.parse(text), name) : fromLines(text, name);
  const ids = new Set();
  return rows.map(({ row, place }) => {
    const question = fromRow(row, `${name}, ${place}`);
    if (ids.has(question.id)) throw new Error(`${name}, ${place}: the id ${question.id} stands there twice, expected each once.`);
    ids.add(question.id);
    return question;
  });
}

function isWhole(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function fromWhole(whole, name) {
  if (Array.isArray(whole)) return whole.map((row, i) => ({ row, place: `row ${i + 1}` }));
  if (!Array.isArray(whole?.data)) {
    if (typeof whole?.question === "string") return [{ row: whole, place: "line 1" }];
    throw new Error(`${name}: found no "data" list and no rows, expected SQuAD JSON or one JSON object a line.`);
  }
  return whole.data.flatMap((article) =>
    (article?.paragraphs ?? [article]).flatMap((paragraph) =>
      paragraph?.qas
        ? paragraph.qas.map((row) => ({ row: { title: article.title, context: paragraph.context, ...row }, place: `question ${row?.id}` }))
        : [{ row: paragraph, place: `question ${paragraph?.id}` }],
    ),
  );
}

function fromLines(text, name) {
  return text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    try {
      return [{ row: JSON.parse(line), place: `line ${i + 1}` }];
    } catch {
      throw new Error(`${name}, line ${i + 1}: this is no JSON, expected SQuAD JSON or one JSON object a line.`);
    }
  });
}

/** One row, with the place that messages name. */
export function fromRow(row, place) {
  for (const field of ["question", "context"])
    if (typeof row?.[field] !== "string" || row[field].trim() === "") throw new Error(`${place}: found no "${field}", expected a text.`);
  if (row.id === undefined || row.id === null) throw new Error(`${place}: found no "id", expected a text that no other question has.`);
  const question = { id: String(row.id), title: row.title ?? "", question: row.question, context: row.context };
  const label = labelOf(row, place);
  return label === undefined ? question : { ...question, label };
}

function labelOf(row, place) {
  const first = Array.isArray(row.answers) ? row.answers[0] : { text: row.answers?.text?.[0], answer_start: row.answers?.answer_start?.[0] };
  if (typeof first?.text !== "string") return row.is_impossible === true ? null : undefined;
  const start = toUtf16(row.context, first.answer_start);
  if (!Number.isInteger(first.answer_start) || row.context.slice(start, start + first.text.length) !== first.text)
    throw new Error(`${place}: the answer "${first.text}" does not stand at ${first.answer_start}.`);
  return { start, end: start + first.text.length };
}

const answersOf = ({ context }, label) =>
  label ? [{ text: context.slice(label.start, label.end), answer_start: toCodePoints(context, label.start) }] : [];

/** A labelled question as a flat row. */
export function toRow(question, label) {
  const answers = answersOf(question, label);
  return {
    id: question.id,
    title: question.title,
    context: question.context,
    question: question.question,
    answers: { text: answers.map((answer) => answer.text), answer_start: answers.map((answer) => answer.answer_start) },
    is_impossible: label === null,
  };
}

/** All labelled questions as SQuAD 2.0; those of one text stand together. */
export function toSquad(questions, labels) {
  const articles = new Map();
  for (const question of questions) {
    if (!labels.has(question.id)) continue;
    const label = labels.get(question.id);
    const paragraphs = articles.get(question.title) ?? new Map();
    articles.set(question.title, paragraphs);
    const qas = paragraphs.get(question.context) ?? [];
    paragraphs.set(question.context, qas);
    qas.push({ id: question.id, question: question.question, answers: answersOf(question, label), is_impossible: label === null });
  }
  const data = [...articles].map(([title, paragraphs]) => ({
    title,
    paragraphs: [...paragraphs].map(([context, qas]) => ({ context, qas })),
  }));
  return `${JSON.stringify({ version: "v2.0", data }, null, 2)}\n`;
}

/** All labelled questions, one row a line. */
export const toJsonl = (questions, labels) =>
  questions
    .filter((question) => labels.has(question.id))
    .map((question) => `${JSON.stringify(toRow(question, labels.get(question.id)))}\n`)
    .join("");
