/** The whole map of a head: a row for each query, a column for each key. The pointer or the arrow keys choose a pair, a click or Space selects its query. */
class MatrixView {
  static #labelled = 11; // dots of a cell from which on tokens are written beside it

  constructor(state) {
    this.state = state;
    this.cell = null;
    this.canvas = element("canvas", { tabIndex: 0, role: "application", "aria-label": "Map of the head: rows look at columns. Arrow keys go from pair to pair, Space selects the row's token." });
    this.readout = element("p", { className: "readout", "aria-live": "polite" });
    this.element = element("div", { className: "matrix-view", hidden: true }, this.canvas, this.readout);
    this.canvas.addEventListener("pointermove", (event) => this.go(this.cellAt(event)));
    this.canvas.addEventListener("pointerleave", () => this.go(null));
    this.canvas.addEventListener("blur", () => this.go(null));
    this.canvas.addEventListener("click", (event) => this.select(this.cellAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(this.element);
    state.listen((_, changed) => {
      if (changed.has("window")) this.cell = null;
      this.element.hidden = state.view !== "matrix";
      this.draw();
    });
  }

  draw() {
    const { state } = this;
    if (state.view !== "matrix" || state.head === null) return;
    const length = state.window.length;
    const width = Math.min(this.element.clientWidth, 900);
    this.margin = MatrixView.margin(width, length);
    this.size = (width - this.margin) / length;
    this.context = sizeCanvas(this.canvas, width, width);
    this.context.imageSmoothingEnabled = this.size * (window.devicePixelRatio || 1) < 1;
    this.context.drawImage(this.image(), this.margin, this.margin, width - this.margin, width - this.margin);
    this.drawEdges();
    this.drawSelected();
    this.drawCross();
    this.tell();
  }

  static margin(width, length) {
    return (width - 90) / length >= MatrixView.#labelled ? 90 : 10;
  }

  image() {
    const { head, window } = this.state;
    if (this.drawn?.head === head && this.drawn.isDark === Palette.isDark) return this.drawn.canvas;
    const canvas = element("canvas", { width: head.length, height: head.length });
    const context = canvas.getContext("2d");
    const image = context.createImageData(head.length, head.length);
    const colours = Palette.ofLevels(window.scale.steps);
    const dots = new Uint32Array(image.data.buffer);
    const packed = colours.map(([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0);
    for (let place = 0; place < dots.length; place++) dots[place] = packed[head.levels[place]];
    context.putImageData(image, 0, 0);
    this.drawn = { head, canvas, isDark: Palette.isDark };
    return canvas;
  }

  // The groups as bands along both edges; the tokens, too, where there is room.
  drawEdges() {
    const { window } = this.state;
    const style = getComputedStyle(this.element);
    const isLabelled = this.margin > 10;
    this.context.font = `${Math.min(13, this.size)}px system-ui, sans-serif`;
    this.context.textBaseline = "middle";
    window.groups.forEach((group, token) => {
      const at = this.margin + token * this.size;
      this.context.fillStyle = style.getPropertyValue(`--${group}`);
      this.context.fillRect(this.margin - 6, at, 4, this.size + 0.5);
      this.context.fillRect(at, this.margin - 6, this.size + 0.5, 4);
      if (!isLabelled) return;
      this.context.fillStyle = style.color;
      this.write(window.tokens[token], this.margin - 10, at + this.size / 2, 0);
      this.write(window.tokens[token], at + this.size / 2, this.margin - 10, Math.PI / 2);
    });
  }

  write(text, x, y, turn) {
    this.context.save();
    this.context.translate(x, y);
    this.context.rotate(turn);
    this.context.textAlign = "right";
    this.context.fillText(text, 0, 0, this.margin - 14);
    this.context.restore();
  }

  drawSelected() {
    const style = getComputedStyle(this.element);
    this.context.fillStyle = style.getPropertyValue("--line");
    for (const token of this.state.selected) this.context.fillRect(this.margin - 10, this.margin + token * this.size, 3, Math.max(2, this.size));
  }

  drawCross() {
    if (this.cell === null) return;
    const [query, key] = this.cell;
    const side = this.canvas.clientWidth;
    const wide = Math.max(1, this.size);
    this.context.strokeStyle = getComputedStyle(this.element).getPropertyValue("--line");
    this.context.lineWidth = 1;
    this.context.globalAlpha = 0.7;
    this.context.strokeRect(this.margin, this.margin + query * this.size - 0.5, side - this.margin, wide + 1);
    this.context.strokeRect(this.margin + key * this.size - 0.5, this.margin, wide + 1, side - this.margin);
    this.context.globalAlpha = 1;
  }

  tell() {
    const { window, head } = this.state;
    if (this.cell === null) {
      this.readout.textContent = "Rows look at columns. Point at a pair, or use the arrow keys.";
      return;
    }
    const [query, key] = this.cell;
    const share = formatShare(head.at(query, key), head.isExact(query, key), window.scale);
    this.readout.textContent = `${window.name(query)} looks at ${window.name(key)}: ${share}`;
  }

  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const of = (distance) => Math.floor((distance - this.margin) / this.size);
    const cell = [of(event.clientY - box.top), of(event.clientX - box.left)];
    return cell.every((token) => token >= 0 && token < this.state.window.length) ? cell : null;
  }

  go(cell) {
    if (cell?.join() === this.cell?.join()) return;
    this.cell = cell;
    this.state.change({ hovered: cell === null ? null : cell[0] });
  }

  select(cell) {
    if (cell !== null) this.state.toggle(cell[0]);
  }

  onKey(event) {
    const last = this.state.window.length - 1;
    const [query, key] = this.cell ?? [this.state.window.target[0], 0];
    const within = (token) => Math.min(last, Math.max(0, token));
    const moves = {
      ArrowUp: [within(query - 1), key],
      ArrowDown: [within(query + 1), key],
      ArrowLeft: [query, within(key - 1)],
      ArrowRight: [query, within(key + 1)],
      Home: [query, 0],
      End: [query, last],
    };
    if (moves[event.key]) this.go(this.cell === null ? [query, key] : moves[event.key]);
    else if (event.key === " " || event.key === "Enter") this.select([query, key]);
    else if (event.key === "Escape") this.state.change({ selected: new Set() });
    else return;
    event.preventDefault();
  }
}
