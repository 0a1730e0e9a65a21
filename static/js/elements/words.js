// What scripts say: translated in the page, read from there.

const place = document.getElementById("words");

/** The words of a key, with {names} filled in; `otherwise` when the page has none of that key. */
export function words(key, values = {}, otherwise = key) {
  return (place.dataset[key] ?? otherwise).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
