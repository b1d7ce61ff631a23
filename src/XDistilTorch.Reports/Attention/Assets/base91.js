/** The characters from ! to ~ without <, > and &, which would be markup. */
const BASE91 = (() => {
  const values = new Int8Array(128).fill(-1);
  let value = 0;
  for (let code = 0x21; code <= 0x7e; code++)
    if (code !== 0x26 && code !== 0x3c && code !== 0x3e) values[code] = value++;
  return values;
})();

/** Text of 91 characters, 13 or 14 bits in two, to bytes. */
function decodeBase91(text) {
  const bytes = new Uint8Array(Math.ceil((text.length * 7) / 8));
  let length = 0, pending = 0, bits = 0, first = -1;
  for (let i = 0; i < text.length; i++) {
    const value = BASE91[text.charCodeAt(i)];
    if (first < 0) {
      first = value;
      continue;
    }
    const pair = first + 91 * value;
    first = -1;
    pending |= pair << bits;
    bits += (pair & 8191) > 88 ? 13 : 14;
    while (bits > 7) {
      bytes[length++] = pending & 255;
      pending >>>= 8;
      bits -= 8;
    }
  }
  if (first >= 0) bytes[length++] = pending | (first << bits);
  return bytes.subarray(0, length);
}
