/**
 * Question and text with every token on a ground of its share, and lines to the highest shares. Pointing at a token shows it alone; a click, Space or Enter
 * selects it, and without a pointed one the selected ones are shown together.
 */
class LinesView {
  static #linesOfOne = 10;
  static #linesOfAll = 40;
  static #least = 0.01; // thinner lines would be hairs

  constructor(state) {
    this.state = state;
    this.lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.lines.setAttribute("class", "lines");
    this.lines.setAttribute("aria-hidden", "true");
    this.text = element("div", { className: "tokens", role: "listbox", "aria-multiselectable": "true", "aria-label": "Tokens of question and text" });
    this.element = element("div", { className: "lines-view" }, this.lines, this.text);
    this.text.addEventListener("pointerover", (event) => event.pointerType === "mouse" && this.point(event.target));
    this.text.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.state.change({ hovered: null }));
    this.text.addEventListener("click", (event) => this.onClick(event));
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && this.point(event.target));
    this.text.addEventListener("focusout", () => this.state.change({ hovered: null }));
    new ResizeObserver(() => this.update()).observe(this.element);
    state.listen((_, changed) => {
      if (changed.has("window")) this.build();
      this.update();
    });
    this.build();
  }

  build() {
    const { window } = this.state;
    const part = (name) => element("p", { role: "group", "aria-label": name, "data-name": name });
    const parts = { question: part("Question"), context: part("Text") };
    const firstSep = window.groups.indexOf("sep");
    this.tokens = window.tokens.map((text, token) => {
      const made = element(
        "span",
        { className: `token ${window.groups[token]}`, role: "option", tabIndex: token === window.target[0] ? 0 : -1, title: `${window.groups[token]}, token ${token}` },
        text,
      );
      made.dataset.token = token;
      const into = token <= firstSep ? parts.question : parts.context;
      if (window.gaps[token] > 0 && into.childNodes.length > 0) into.append(window.gaps[token] === 2 ? element("span", { className: "break" }) : " ");
      into.append(made);
      return made;
    });
    this.text.replaceChildren(parts.question, parts.context);
  }

  point(target) {
    const token = target.dataset?.token;
    if (token !== undefined && this.state.hovered !== Number(token)) this.state.change({ hovered: Number(token) });
  }

  onClick(event) {
    const token = event.target.dataset.token;
    if (token === undefined) return;
    this.focus(Number(token));
    if (event.shiftKey) this.selectTo(Number(token));
    else this.state.toggle(Number(token));
    this.last = Number(token);
  }

  selectTo(token) {
    const from = this.last ?? token;
    const selected = new Set(this.state.selected);
    for (let i = Math.min(from, token); i <= Math.max(from, token); i++) selected.add(i);
    this.state.change({ selected });
  }

  onKey(event) {
    const token = Number(event.target.dataset.token);
    if (event.key === " " || event.key === "Enter") this.state.toggle((this.last = token));
    else if (event.key === "Escape") this.state.change({ selected: new Set() });
    else {
      const next = this.neighbour(event.key, token);
      if (next === undefined) return;
      this.focus(next);
      this.state.change({ hovered: next });
      if (event.shiftKey) {
        this.last ??= token;
        this.selectTo(next);
      }
    }
    event.preventDefault();
  }

  neighbour(key, token) {
    const last = this.tokens.length - 1;
    switch (key) {
      case "ArrowLeft": return Math.max(0, token - 1);
      case "ArrowRight": return Math.min(last, token + 1);
      case "Home": return 0;
      case "End": return last;
      case "ArrowUp": return this.onNextLine(token, -1);
      case "ArrowDown": return this.onNextLine(token, 1);
    }
  }

  // The token of the line above or below that stands nearest.
  onNextLine(token, step) {
    const here = this.tokens[token].getBoundingClientRect();
    let line = null, nearest = token, distance = Infinity;
    for (let i = token + step; i >= 0 && i < this.tokens.length; i += step) {
      const there = this.tokens[i].getBoundingClientRect();
      if (Math.abs(there.top - here.top) < here.height / 2) continue;
      line ??= there.top;
      if (Math.abs(there.top - line) > here.height / 2) break;
      const apart = Math.abs(there.left + there.width / 2 - here.left - here.width / 2);
      if (apart < distance) [nearest, distance] = [i, apart];
    }
    return nearest;
  }

  focus(token) {
    moveTabStop(this.text.querySelector("[tabindex='0']"), this.tokens[token]);
    this.tokens[token].focus();
  }

  update() {
    const { state } = this;
    if (state.view !== "lines" || state.head === null) return;
    const active = new Set(state.active);
    const { shares, isListed } = sharesOf(state, state.direction);
    this.tokens.forEach((made, token) => {
      const strength = active.size > 0 && isListed(token) ? Head.strength(shares[token], state.window.scale.octaves) : 0;
      made.style.background = strength > 0 ? Palette.css(strength) : "";
      made.style.color = strength > 0 ? Palette.ink(strength) : "";
      made.setAttribute("aria-selected", state.selected.has(token));
      made.classList.toggle("active", active.has(token));
    });
    this.drawLines(state.active, isListed);
  }

  drawLines(active, isListed) {
    const frame = this.element.getBoundingClientRect();
    this.lines.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    const each = Math.max(2, Math.min(LinesView.#linesOfOne, Math.floor(LinesView.#linesOfAll / Math.max(1, active.length))));
    this.lines.replaceChildren(
      ...active.flatMap((token) => {
        const shares = this.state.direction === "at" ? this.state.head.looksAt([token]) : this.state.head.lookedAtBy([token]);
        return highest(shares, each, (other) => other !== token && isListed(other))
          .filter(({ share }) => share >= LinesView.#least)
          .map(({ token: other, share }) => this.line(frame, token, other, share));
      }),
    );
  }

  line(frame, from, to, share) {
    const middle = (token) => {
      const box = this.tokens[token].getClientRects()[0];
      return { x: box.left + box.width / 2 - frame.left, top: box.top - frame.top, bottom: box.bottom - frame.top };
    };
    const [a, b] = [middle(from), middle(to)];
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", LinesView.curve(a, b));
    line.setAttribute("stroke-width", (1 + 3.5 * Math.sqrt(share)).toFixed(2));
    line.setAttribute("stroke-opacity", (0.3 + 0.5 * Math.sqrt(share)).toFixed(2));
    return line;
  }

  // On one line an arc above the words, else an S from edge to edge.
  static curve(a, b) {
    if (Math.abs(a.top - b.top) < 4) {
      const rise = Math.min(34, 10 + Math.abs(a.x - b.x) / 8);
      return `M${a.x} ${a.top} C${a.x} ${a.top - rise} ${b.x} ${b.top - rise} ${b.x} ${b.top}`;
    }
    const [from, to] = a.top < b.top ? [a.bottom, b.top] : [a.top, b.bottom];
    const half = (from + to) / 2;
    return `M${a.x} ${from} C${a.x} ${half} ${b.x} ${half} ${b.x} ${to}`;
  }
}
