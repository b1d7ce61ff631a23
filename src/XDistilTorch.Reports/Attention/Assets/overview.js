/** All heads at a glance, a row for each layer; the arrow keys go from one to the next, Enter opens it. */
class Overview {
  static #dots = 48; // of a small map, each way

  constructor(state) {
    this.state = state;
    this.grid = element("div", { className: "heads", role: "group", "aria-label": "Heads, a row for each layer" });
    this.readout = element("p", { className: "quiet readout" });
    this.element = element("section", { className: "overview", "aria-label": "All heads" }, element("h2", {}, "All heads"), this.measures(), this.grid, this.readout);
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    state.listen((_, changed) => this.update(changed));
    this.build();
  }

  measures() {
    const options = { map: "maps", onQuestion: `from ${this.state.window.targetName} to the question`, sinks: "from all tokens to [CLS] and [SEP]" };
    const choice = element("select", { id: "measure" }, ...Object.entries(options).map(([value, text]) => element("option", { value }, text)));
    choice.addEventListener("change", () => this.state.change({ measure: choice.value }));
    return element("label", { className: "field" }, "Show ", choice);
  }

  build() {
    const { heads, layers } = this.state.window;
    const columns = [...new Set(heads.map((head) => head.head))].sort((a, b) => a - b);
    this.grid.style.setProperty("--columns", columns.length);
    this.cells = heads.map((head, number) => this.cell(head, number));
    const of = (layer, column) => this.cells[heads.findIndex((head) => head.layer === layer && head.head === column)] ?? element("span");
    this.grid.replaceChildren(
      element("span", { className: "label" }),
      ...columns.map((column) => element("span", { className: "label", title: `head ${column}` }, column)),
      ...layers.flatMap((layer) => [
        element("span", { className: "label", title: `layer ${layer}` }, layer),
        ...columns.map((column) => of(layer, column)),
      ]),
    );
    this.mark();
  }

  cell(head, number) {
    const canvas = element("canvas", { width: Overview.#dots, height: Overview.#dots });
    const button = element("button", { type: "button", className: "head", tabIndex: -1, "aria-label": `layer ${head.layer}, head ${head.head}` }, canvas);
    button.dataset.number = number;
    button.addEventListener("click", () => this.state.openHead(number));
    for (const event of ["pointerenter", "focus"]) button.addEventListener(event, () => this.describe(head));
    return button;
  }

  describe(head) {
    this.readout.textContent = `Layer ${head.layer}, head ${head.head}: ${this.state.window.targetName} gives ${head.onQuestion.toFixed(3)} to the question; all tokens give ${head.sinks.toFixed(3)} to [CLS] and [SEP].`;
  }

  mark() {
    this.cells.forEach((cell, number) => {
      cell.setAttribute("aria-pressed", number === this.state.headNumber);
      cell.tabIndex = number === this.state.headNumber ? 0 : -1;
    });
    this.describe(this.state.place);
  }

  update(changed) {
    if (changed.has("window")) {
      this.build();
      this.draw();
    } else if (changed.has("headNumber")) this.mark();
    if (changed.has("measure") || changed.has("scheme")) this.draw();
  }

  /** Draws every head in turn and lets the page breathe in between; ends early when the window changes. */
  async draw() {
    const { window, measure } = this.state;
    const colours = Palette.ofLevels(window.scale.steps);
    for (let number = 0; number < this.cells.length; number++) {
      if (measure === "map") this.drawMap(this.cells[number].firstChild, await window.head(number), colours);
      else this.drawFigure(this.cells[number].firstChild, window.heads[number][measure]);
      if (this.state.window !== window || this.state.measure !== measure) return;
    }
    performance.mark("attention-overview");
    document.documentElement.dataset.overview = `${window.index} ${measure}`;
  }

  // The strongest pair of each dot: single lines would fade in a mean.
  drawMap(canvas, head, colours) {
    const dots = Math.min(Overview.#dots, head.length);
    canvas.width = canvas.height = dots;
    const context = canvas.getContext("2d");
    const image = context.createImageData(dots, dots);
    const dotOf = Uint8Array.from({ length: head.length }, (_, token) => Math.floor((token * dots) / head.length));
    const strongest = new Uint8Array(dots * dots);
    for (let query = 0, place = 0; query < head.length; query++) {
      const row = dotOf[query] * dots;
      for (let key = 0; key < head.length; key++, place++) {
        const dot = row + dotOf[key];
        if (head.levels[place] > strongest[dot]) strongest[dot] = head.levels[place];
      }
    }
    strongest.forEach((level, dot) => image.data.set([...colours[level], 255], 4 * dot));
    context.putImageData(image, 0, 0);
  }

  drawFigure(canvas, share) {
    canvas.width = canvas.height = 96;
    const context = canvas.getContext("2d");
    context.fillStyle = Palette.css(share);
    context.fillRect(0, 0, 96, 96);
    context.fillStyle = Palette.ink(share);
    context.font = "34px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(share.toFixed(2).replace(/^0/, ""), 48, 50);
  }

  onKey(event) {
    const heads = this.state.window.heads;
    const number = Number(event.target.dataset.number);
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const layers = this.state.window.layers;
    const { layer, head } = heads[number];
    const next =
      step[0] === 0
        ? number + step[1]
        : heads.findIndex((each) => each.layer === layers[layers.indexOf(layer) + step[0]] && each.head === head);
    if (next < 0 || next >= heads.length) return;
    moveTabStop(event.target, this.cells[next]);
    this.cells[next].focus();
  }
}
