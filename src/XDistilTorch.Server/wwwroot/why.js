// The tab that explains the last question: which words speak for its answer, and where the answer's tokens look.
import { post } from "./api.js";
import { showAttention } from "./attention.js";
import { showAttribution } from "./attribution.js";
import { byId, showError } from "./dom.js";

export function startWhy() {
  let asked = null;
  let attention = null;
  let running = null;

  byId("without-sinks").addEventListener("change", () => attention && showAttention(attention, asked.context));
  byId("why-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    running?.abort();
    const mine = (running = new AbortController());
    clear();
    byId("why-status").textContent = "Looking inside…";
    try {
      const looked = await post("v1/inspect/attention", asked, mine.signal);
      attention = looked;
      showAttention(looked, asked.context);
      showAttribution(await post("v1/inspect/attribution", { ...asked, method: byId("method").value }, mine.signal), asked);
      byId("why-status").textContent = "";
    } catch (error) {
      if (error.name === "AbortError") return;
      byId("why-status").textContent = "";
      showError("why-error", error);
    }
  });

  function clear() {
    attention = null;
    for (const id of ["attribution", "attention"]) byId(id).hidden = true;
    byId("why-status").textContent = "";
    showError("why-error", null);
  }

  return {
    /** Takes the last question over; what was shown of the one before goes. */
    explain(request, record) {
      running?.abort();
      clear();
      const { top_k: _, ...options } = request.options;
      asked = { ...request, options };
      byId("why-question").textContent = `${request.question} – ${record.answer === "" ? "no answer" : record.answer}`;
      byId("why-form").hidden = false;
    },
  };
}
