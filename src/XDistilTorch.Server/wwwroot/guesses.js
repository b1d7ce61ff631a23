// What the model answers to the questions that are to be labelled, a few at a time.
import { post } from "./api.js";

const atOnce = 8;
const mostTries = 120;

/** Asks for all; tells each few as they come. Ends early when asking is no longer wanted. */
export async function guess(questions, tell, wanted) {
  for (let first = 0; first < questions.length && wanted(); first += atOnce) {
    const some = questions.slice(first, first + atOnce);
    const read = await answersOf(some, wanted);
    if (!wanted()) return;
    tell(
      read.map(([id, answer]) => [
        id,
        {
          span: answer.answer === "" ? null : { start: answer.start_utf16, end: answer.end_utf16 },
          probability: answer.probability,
        },
      ]),
    );
  }
}

// One that the server refuses, for its length say, does not take the others along.
async function answersOf(some, wanted) {
  const asked = { questions: some.map(({ id, question, context }) => ({ id, question, context })) };
  try {
    const { answers } = await patiently(() => post("v1/answers", asked), wanted);
    return answers.map((answer, i) => [some[i].id, answer]);
  } catch (error) {
    if (![413, 422].includes(error.status)) throw error;
    if (some.length === 1) return [];
  }
  const read = [];
  for (const question of some) if (wanted()) read.push(...(await answersOf([question], wanted)));
  return read;
}

// While the server loads its model, or is busy, it says when to ask again.
async function patiently(ask, wanted) {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!error.retryAfter || tries === mostTries || !wanted()) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * error.retryAfter));
    }
  }
}
