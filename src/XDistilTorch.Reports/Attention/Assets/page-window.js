/** One window of the text with its heads, which are unpacked when they are first looked at. */
class PageWindow {
  constructor(data, number, scale) {
    Object.assign(this, data); // number, place, tokens, gaps, groups, target, heads, open
    this.index = number;
    this.scale = scale;
    this.unpacked = new Map();
  }

  get length() {
    return this.tokens.length;
  }

  get layers() {
    return [...new Set(this.heads.map((head) => head.layer))];
  }

  /** The tokens that are looked at: the answer's, or [CLS]. */
  get targetTokens() {
    const [first, last] = this.target;
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }

  /** What to call them. */
  get targetName() {
    return this.groups[this.target[0]] === "cls" ? "[CLS]" : "the answer";
  }

  isSink(token) {
    return this.groups[token] === "cls" || this.groups[token] === "sep";
  }

  name(token) {
    return `${this.tokens[token]} (${token})`;
  }

  /** A promise of a head by its number in the page's order. */
  head(number) {
    if (!this.unpacked.has(number))
      this.unpacked.set(number, this.packed(number).then((text) => Head.unpack(text, this.length, this.scale)));
    return this.unpacked.get(number);
  }

  // The script runs before the browser has read all maps. One with something behind it is read to its end.
  async packed(number) {
    const find = () => document.getElementById(`map-${this.index}-${number}`);
    if (document.readyState === "loading" && !find()?.nextElementSibling)
      await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
    return find().textContent;
  }

  /** Gives the memory back; the packed texts stay. */
  forget() {
    this.unpacked.clear();
  }
}
