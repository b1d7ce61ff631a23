// Requests to this server, with the key that its user gave, and its refusals as errors that say what it said.
import { byId } from "./dom.js";

const keyName = "xdistil-key";

/** @param keyed is called when there is a new key. */
export function startKeys(keyed) {
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(keyName, byId("key").value.trim());
    byId("key").value = "";
    byId("key-form").hidden = true;
    keyed();
  });
}

export const get = (path) => request(path, "GET");
export const post = (path, body, signal) => request(path, "POST", body, signal);
export const put = (path, body) => request(path, "PUT", body);

async function request(path, method, body, signal) {
  const headers = {};
  const key = sessionStorage.getItem(keyName);
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server cannot be reached. Is it still running?");
  }
  if (response.status === 401) byId("key-form").hidden = false;
  if (!response.ok) {
    const error = new Error(await refusal(response));
    error.status = response.status;
    error.retryAfter = Number(response.headers.get("Retry-After")) || null; // seconds, where asking again may help
    throw error;
  }
  return response.status === 204 ? null : response.json();
}

async function refusal(response) {
  try {
    const problem = await response.json();
    return `${problem.title}: ${problem.detail} (${problem.status}, ${problem.code})`;
  } catch {
    return `The server refused this with ${response.status} and said no more.`;
  }
}
