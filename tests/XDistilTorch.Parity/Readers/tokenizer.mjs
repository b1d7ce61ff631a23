// FILE TEXTS RESAVED: encodes texts (a JSON list of [text] or [text, pair]) with the Rust library, which writes the file again, too.
import { readFileSync } from "node:fs";
import library from "@anush008/tokenizers";

const [file, texts, resaved] = process.argv.slice(2);
const tokenizer = library.Tokenizer.fromFile(file);
const encodings = [];
for (const [text, pair] of JSON.parse(readFileSync(texts, "utf8"))) {
  const encoding = await tokenizer.encode(text, pair, {});
  encodings.push({
    ids: encoding.getIds(),
    types: encoding.getTypeIds(),
    tokens: encoding.getTokens(),
    offsets: encoding.getOffsets().flat(),
  });
}
tokenizer.save(resaved, true);
console.log(JSON.stringify(encodings));
