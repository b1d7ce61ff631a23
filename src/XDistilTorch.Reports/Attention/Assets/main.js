/** Builds the page and opens the first head; the small maps follow. */
async function begin() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const windows = data.windows.map((window, number) => new PageWindow(window, number, data.scale));
  const state = new State(windows, data.open);
  state.head = await state.window.head(state.headNumber);

  const title = element("h2", { id: "head-title" });
  const readout = element("p", { className: "visually-hidden", "aria-live": "polite" });
  const overview = new Overview(state);
  const lines = new LinesView(state);
  const matrix = new MatrixView(state);
  const rankings = new Rankings(state);
  const opened = element(
    "section",
    { className: "opened", "aria-labelledby": "head-title" },
    title,
    windowChoice(state),
    new Controls(state).element,
    legend(state),
    element("div", { className: "picture" }, lines.element, matrix.element, rankings.element),
    element("p", { className: "quiet hint" }, "Point at a token to see where it looks; click to select, Shift and click for a stretch. Keyboard: Tab to heads and tokens, arrow keys within them, Space selects, Escape clears."),
    readout,
  );
  state.listen(({ place, view, hovered, window }) => {
    title.textContent = `Layer ${place.layer}, head ${place.head}`;
    lines.element.hidden = view !== "lines";
    readout.textContent = view === "lines" && hovered !== null ? spoken(state, window, hovered) : "";
  });
  Palette.onChange(() => state.change({ scheme: null }));
  document.getElementById("app").replaceChildren(overview.element, opened);
  state.change({ hovered: null });
  performance.mark("attention-interactive");
  document.documentElement.dataset.ready = "true";
  await overview.draw();
}

function spoken(state, window, token) {
  const { shares, isExact } = sharesOf(state, "at");
  const most = highest(shares, 3).map(({ token: other, share }) => `${window.name(other)} ${formatShare(share, isExact(other), window.scale)}`);
  return `${window.name(token)} looks at ${most.join(", ")}`;
}

begin();
