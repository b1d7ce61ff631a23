/** One head's attention over S tokens: a level for each pair of tokens, and three exact values for each query. */
class Head {
  constructor(bytes, length, scale) {
    this.length = length;
    this.scale = scale;
    this.levels = bytes.subarray(0, length * length);
    this.inRow = Math.min(scale.exactInRow, length);
    this.exactKeys = new Uint16Array(length * this.inRow);
    this.exactValues = new Float64Array(length * this.inRow);
    this.readExact(bytes.subarray(length * length));
  }

  static async unpack(text, length, scale) {
    const packed = new Blob([decodeBase91(text)]).stream();
    const bytes = await new Response(packed.pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
    return new Head(new Uint8Array(bytes), length, scale);
  }

  // Marks among the levels say where an exact value belongs; here they become levels like all others.
  readExact(aside) {
    const count = this.exactKeys.length;
    for (let place = 0, i = 0; i < count; place++) {
      if (this.levels[place] !== this.scale.exact) continue;
      const value = Head.threeDigits(aside[i] | (aside[count + i] << 8));
      this.exactKeys[i] = place % this.length;
      this.exactValues[i++] = value;
      this.levels[place] = this.levelOf(value);
    }
  }

  static threeDigits(code) {
    return code === 0 ? 0 : (((code - 1) % 900) + 100) / 10 ** (Math.floor((code - 1) / 900) + 2);
  }

  /** 0 to 1 on the scale of the colours. */
  static strength(value, octaves) {
    return value <= 0 ? 0 : Math.min(1, Math.max(0, Math.log2(value) / octaves + 1));
  }

  levelOf(value) {
    if (value < 2 ** -this.scale.octaves) return 0;
    return Math.min(this.scale.steps, Math.floor((Math.log2(value) + this.scale.octaves) * (this.scale.steps / this.scale.octaves)) + 1);
  }

  /** The place of a pair among the exact values, -1 for none. */
  exactPlace(query, key) {
    for (let i = query * this.inRow; i < (query + 1) * this.inRow; i++) if (this.exactKeys[i] === key) return i;
    return -1;
  }

  isExact(query, key) {
    return this.exactPlace(query, key) >= 0;
  }

  at(query, key) {
    const exact = this.exactPlace(query, key);
    if (exact >= 0) return this.exactValues[exact];
    const level = this.levels[query * this.length + key];
    return level === 0 ? 0 : 2 ** ((level - 0.5) / (this.scale.steps / this.scale.octaves) - this.scale.octaves);
  }

  /** Where tokens look: for each key the mean over these queries. */
  looksAt(tokens) {
    const shares = new Float64Array(this.length);
    for (const query of tokens) for (let key = 0; key < this.length; key++) shares[key] += this.at(query, key) / tokens.length;
    return shares;
  }

  /** Who looks at tokens: for each query the sum over these keys. */
  lookedAtBy(tokens) {
    const shares = new Float64Array(this.length);
    for (const key of tokens) for (let query = 0; query < this.length; query++) shares[query] += this.at(query, key);
    return shares;
  }
}
