// FOLDER: what the Hub's own reader finds in model.safetensors. It asks for parts of files by HTTP; here they come from the folder.
import { openAsBlob } from "node:fs";
import { basename, join } from "node:path";
import { parseSafetensorsMetadata } from "@huggingface/hub";

async function fetchFromFolder(url, request) {
  const file = await openAsBlob(join(process.argv[2], basename(new URL(url).pathname)));
  const [first, last] = new Headers(request.headers).get("range").match(/\d+/g).map(Number);
  const part = file.slice(first, last + 1);
  const range = `bytes ${first}-${first + part.size - 1}/${file.size}`;
  const headers = { etag: '"local"', "content-range": range, "content-length": `${part.size}` };
  return new Response(part, { status: 206, headers });
}

const read = await parseSafetensorsMetadata({
  repo: "local/model",
  path: "model.safetensors",
  computeParametersCount: true,
  fetch: fetchFromFolder,
});
const { __metadata__: metadata, ...tensors } = read.header;
console.log(JSON.stringify({ counts: read.parameterCount, metadata, tensors }));
