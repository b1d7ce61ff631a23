// Places in texts. JavaScript counts UTF-16 units, question files count code points (as Python does).

/** From a place in code points to one in UTF-16 units. */
export function toUtf16(text, codePoints) {
  let units = 0;
  for (let left = codePoints; left > 0 && units < text.length; left--) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return units;
}

/** From a place in UTF-16 units to one in code points. */
export const toCodePoints = (text, units) => [...text.slice(0, units)].length;

/** Puts a text into an element with one stretch of it marked; null marks nothing. */
export function showMarked(into, text, span) {
  if (!span || span.end <= span.start) {
    into.replaceChildren(text);
    return null;
  }
  const mark = document.createElement("mark");
  mark.textContent = text.slice(span.start, span.end);
  into.replaceChildren(text.slice(0, span.start), mark, text.slice(span.end));
  return mark;
}

/** Brings a mark into view without moving the whole page when the text scrolls by itself. */
export function scrollTo(mark) {
  mark?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Where words are: runs of letters and digits, and every other sign by itself. */
export const words = (text) =>
  [...text.matchAll(/[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
  }));
