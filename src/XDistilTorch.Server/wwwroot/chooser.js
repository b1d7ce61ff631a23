// A text in which a stretch is chosen: with the mouse to the letter, with the keyboard by words.
import { scrollTo, showMarked, words } from "./texts.js";

/** @param changed is told what is chosen, null for nothing. */
export function startChooser(into, changed) {
  let text = "";
  let bounds = [];
  let chosen = null;

  function choose(span) {
    chosen = span;
    scrollTo(showMarked(into, text, span));
    changed(span);
  }

  into.addEventListener("pointerup", () => {
    const selected = selectedIn(into);
    const span = selected && trimmed(text, selected);
    if (span) choose(span);
  });
  into.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || bounds.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(event.shiftKey && chosen ? stretched(step) : moved(step));
  });

  function moved(step) {
    if (!chosen) return bounds[step > 0 ? 0 : bounds.length - 1];
    const next = step > 0 ? bounds.findIndex((word) => word.start >= chosen.end) : bounds.findLastIndex((word) => word.end <= chosen.start);
    return bounds[next] ?? (step > 0 ? bounds.at(-1) : bounds[0]);
  }

  function stretched(step) {
    const inside = bounds.filter((word) => word.start < chosen.end);
    const end = step > 0 ? bounds.find((word) => word.start >= chosen.end)?.end : inside.at(-2)?.end;
    return end > chosen.start ? { start: chosen.start, end } : chosen;
  }

  return {
    choose,
    show(newText, span) {
      text = newText;
      bounds = words(newText);
      choose(span);
    },
  };
}

function selectedIn(into) {
  const selection = getSelection();
  if (selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!into.contains(range.startContainer) || !into.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(into, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return { start, end: start + range.toString().length };
}

// Without blanks at its ends; half a character is never chosen.
function trimmed(text, { start, end }) {
  while (start < end && /\s/.test(text[start])) start++;
  while (end > start && /\s/.test(text[end - 1])) end--;
  if (/[\udc00-\udfff]/.test(text[start] ?? "") && start > 0) start--;
  if (/[\ud800-\udbff]/.test(text[end - 1] ?? "")) end++;
  return end > start ? { start, end } : null;
}
