// CARD: the YAML block of a model card, as JSON.
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const [, block] = /^---\n(.*?)\n---\n/s.exec(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(parse(block, { strict: true, uniqueKeys: true })));
