// The page: three tabs over the server's own API. Texts are only ever put in as text, never as HTML.
import { startTabs } from "./tabs.js";
import { startKeys } from "./api.js";
import { listModels, startAsk } from "./ask.js";
import { startWhy } from "./why.js";
import { startLabel } from "./label.js";

startTabs();
startKeys(listModels);
const why = startWhy();
startAsk(why.explain);
await startLabel();
document.documentElement.dataset.ready = "true";
