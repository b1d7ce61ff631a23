/** What is shown. Whoever draws something is told of every change. */
class State {
  #listeners = [];

  constructor(windows, open) {
    this.windows = windows;
    this.view = "lines"; // or "matrix"
    this.direction = "at"; // where tokens look; "by": who looks at them
    this.withSinks = true;
    this.measure = "map"; // what the overview shows; or "onQuestion", "sinks"
    this.hovered = null;
    this.head = null; // unpacked
    this.#enter(windows[open]);
  }

  #enter(window) {
    this.window = window;
    this.headNumber = window.open;
    this.selected = new Set(window.targetTokens);
  }

  get place() {
    return this.window.heads[this.headNumber];
  }

  /** The token under the pointer or the keyboard's cursor, else those selected. */
  get active() {
    return this.hovered === null ? [...this.selected].sort((a, b) => a - b) : [this.hovered];
  }

  listen(listener) {
    this.#listeners.push(listener);
  }

  change(changes) {
    Object.assign(this, changes);
    for (const listener of this.#listeners) listener(this, new Set(Object.keys(changes)));
  }

  toggle(token) {
    const selected = new Set(this.selected);
    if (!selected.delete(token)) selected.add(token);
    this.change({ selected });
  }

  async openHead(headNumber) {
    const window = this.window;
    const head = await window.head(headNumber);
    if (this.window === window) this.change({ headNumber, head }); // another window may have been opened meanwhile
  }

  /** Another window: the same head where it has one. */
  async openWindow(number) {
    const { layer, head } = this.place;
    this.window.forget();
    this.#enter(this.windows[number]);
    const same = this.window.heads.findIndex((each) => each.layer === layer && each.head === head);
    if (same >= 0) this.headNumber = same;
    const window = this.window;
    const unpacked = await window.head(this.headNumber);
    if (this.window === window) this.change({ window, head: unpacked, headNumber: this.headNumber, selected: this.selected, hovered: null });
  }
}
