// Sends a form of the page by fetch, with the form token, and tells what the server thinks of it.

/**
 * Post fields (FormData or pairs) to an address of ours. Answers {ok, status, body}: `body` is the JSON of the answer
 * or null. No connection counts as status 0.
 */
export async function send(address, fields, method = "POST") {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const request = {
    method,
    headers: { "X-CSRFToken": token, "X-Requested-With": "fetch", Accept: "application/json" },
    body: fields instanceof FormData ? fields : new URLSearchParams(fields),
    redirect: "error",
  };
  const answer = await fetch(address, request).catch(() => null);
  if (!answer) return { ok: false, status: 0, body: null };
  const isJson = answer.headers.get("content-type")?.startsWith("application/json");
  return { ok: answer.ok, status: answer.status, body: isJson ? await answer.json() : null };
}
