/** What can be chosen for the head that is open. Native controls, which the keyboard and screen readers know. */
class Controls {
  constructor(state) {
    this.state = state;
    this.element = element(
      "div",
      { className: "controls" },
      this.choice("view", "View", { lines: "lines", matrix: "matrix" }),
      this.choice("direction", "Shade", { at: "what they look at", by: "what looks at them" }),
      this.sinks(),
      this.button("answer", `select ${state.window.targetName}`, () => new Set(state.window.targetTokens)),
      this.button("clear", "clear", () => new Set()),
    );
    state.listen(() => this.update());
    this.update();
  }

  choice(name, title, options) {
    return element(
      "fieldset",
      { className: `choice ${name}` },
      element("legend", {}, title),
      ...Object.entries(options).map(([value, text]) => {
        const input = element("input", { type: "radio", name, value, checked: this.state[name] === value });
        input.addEventListener("change", () => this.state.change({ [name]: value }));
        return element("label", {}, input, element("span", {}, text));
      }),
    );
  }

  sinks() {
    const input = element("input", { type: "checkbox", id: "with-sinks", checked: this.state.withSinks });
    input.addEventListener("change", () => this.state.change({ withSinks: input.checked }));
    return element("label", { className: "field" }, input, " [CLS] and [SEP]");
  }

  button(id, text, selected) {
    const button = element("button", { type: "button", id }, text);
    button.addEventListener("click", () => this.state.change({ selected: selected(), hovered: null }));
    return button;
  }

  update() {
    const { view, direction } = this.state;
    for (const input of this.element.querySelectorAll("input[type=radio]")) input.checked = input.value === view || input.value === direction;
    this.element.querySelector(".direction").hidden = view !== "lines"; // a matrix has both
  }
}

/** Which window; not there where there is one only. */
function windowChoice(state) {
  if (state.windows.length < 2) return "";
  const options = state.windows.map((window, number) => element("option", { value: number }, `window ${window.number}: ${window.place}`));
  const choice = element("select", { id: "window" }, ...options);
  choice.value = state.window.index;
  choice.addEventListener("change", () => state.openWindow(Number(choice.value)));
  return element("label", { className: "field" }, "Of the text ", choice);
}

/** Colours and marks, explained. */
function legend(state) {
  const { octaves } = state.window.scale;
  const bar = element("span", { className: "ramp" });
  const paint = () => {
    const colours = Array.from({ length: 25 }, (_, i) => Palette.css(i / 24));
    bar.style.background = `linear-gradient(to right, ${colours.join(", ")})`;
  };
  paint();
  state.listen((_, changed) => changed.has("scheme") && paint());
  const ticks = [0.001, 0.01, 0.1, 1].map((share) => {
    const tick = element("span", {}, share);
    tick.style.left = `${100 * Head.strength(share, octaves)}%`;
    return tick;
  });
  const swatch = (group, text) => element("span", { className: `token ${group}` }, text);
  return element(
    "div",
    { className: "legend" },
    element("span", { className: "scale", "aria-label": "Colours from 0 to 1, logarithmic" }, bar, ...ticks),
    element("span", { className: "marks" }, swatch("question", "question"), " ", swatch("answer", "answer"), " ", swatch("context", "text"), " ", swatch("cls", "[CLS]")),
  );
}
