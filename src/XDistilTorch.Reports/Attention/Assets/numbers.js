/** A share for people: three digits where it is exact, two and the sign of nearly where it is not. */
function formatShare(value, isExact, scale) {
  if (value <= 0) return isExact ? "0" : `<${(2 ** -scale.octaves).toFixed(4)}`;
  const digits = value.toPrecision(isExact ? 3 : 2);
  return isExact ? digits : `≈${digits}`;
}

/** The tokens with the largest shares, of equal ones the earlier. */
function highest(shares, count, isListed = () => true) {
  return Array.from(shares, (share, token) => ({ token, share }))
    .filter(({ token, share }) => share > 0 && isListed(token))
    .sort((a, b) => b.share - a.share || a.token - b.token)
    .slice(0, count);
}

/** Shares in one direction with what is known about them. */
function sharesOf(state, direction) {
  const { head, active } = state;
  return {
    shares: direction === "at" ? head.looksAt(active) : head.lookedAtBy(active),
    isExact: (token) =>
      active.length === 1 && (direction === "at" ? head.isExact(active[0], token) : head.isExact(token, active[0])),
    isListed: (token) => state.withSinks || !state.window.isSink(token),
  };
}
