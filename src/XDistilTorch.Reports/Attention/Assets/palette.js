/**
 * Colours from no attention to all of it. Their lightness alone tells the order, so that every kind of colour vision reads them: from paper to dark blue on a
 * light page, from night over blue to yellow on a dark one.
 */
class Palette {
  static #light = [[255, 255, 255], [226, 236, 247], [173, 203, 233], [104, 158, 212], [38, 101, 172], [8, 41, 92]];
  static #dark = [[21, 25, 33], [28, 45, 74], [45, 84, 131], [92, 131, 150], [197, 172, 96], [255, 226, 124]];
  static #scheme = matchMedia("(prefers-color-scheme: dark)");

  static get isDark() {
    return Palette.#scheme.matches;
  }

  static onChange(listener) {
    Palette.#scheme.addEventListener("change", listener);
  }

  /** Red, green and blue for a strength from 0 to 1. */
  static rgb(strength) {
    const stops = Palette.isDark ? Palette.#dark : Palette.#light;
    const at = Math.min(1, Math.max(0, strength)) * (stops.length - 1);
    const lower = Math.min(Math.floor(at), stops.length - 2);
    return stops[lower].map((from, channel) => Math.round(from + (stops[lower + 1][channel] - from) * (at - lower)));
  }

  static css(strength) {
    return `rgb(${Palette.rgb(strength).join(" ")})`;
  }

  /** Black or white, whichever is read better on that ground. */
  static ink(strength) {
    const [red, green, blue] = Palette.rgb(strength);
    return 0.299 * red + 0.587 * green + 0.114 * blue > 118 ? "#10141a" : "#ffffff";
  }

  /** The dots of each level, as an image holds them. */
  static ofLevels(steps) {
    return Array.from({ length: steps + 1 }, (_, level) => Palette.rgb(level === 0 ? 0 : (level - 0.5) / steps));
  }
}
