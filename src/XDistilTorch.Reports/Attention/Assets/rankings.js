/** Beside the picture: the tokens that are looked at most, and those that look most, with their shares. */
class Rankings {
  static #count = 8;

  constructor(state) {
    this.title = element("p", { className: "active" });
    this.lists = { at: element("ol"), by: element("ol") };
    this.element = element(
      "aside",
      { className: "rankings", "aria-label": "Highest shares" },
      this.title,
      element("section", {}, element("h3", {}, "looks at"), this.lists.at),
      element("section", {}, element("h3", {}, "looked at by"), this.lists.by),
    );
    state.listen(() => this.update(state));
  }

  update(state) {
    const { active, window } = state;
    this.title.textContent =
      active.length === 0 ? "No token is selected." : active.length > 6 ? `${active.length} tokens` : active.map((token) => window.name(token)).join(", ");
    for (const direction of ["at", "by"]) this.lists[direction].replaceChildren(...this.entries(state, direction));
  }

  entries(state, direction) {
    if (state.active.length === 0) return [];
    const { shares, isExact, isListed } = sharesOf(state, direction);
    return highest(shares, Rankings.#count, isListed).map(({ token, share }) => {
      const bar = element("span", { className: "bar" });
      bar.style.width = `${Math.min(100, 100 * share)}%`;
      return element(
        "li",
        {},
        element("span", { className: "name" }, state.window.tokens[token], element("span", { className: "quiet" }, ` ${token}`)),
        element("span", { className: "share" }, formatShare(share, isExact(token), state.window.scale)),
        bar,
      );
    });
  }
}
