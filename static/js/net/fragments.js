// Refreshes parts of the page: fetched by htmx under one's own rights, morphed in by idiomorph.
import { Idiomorph, htmx } from "../../vendor/htmx.js";

htmx.defineExtension("morph", {
  isInlineSwap: (style) => style === "morph",
  handleSwap(style, target, fragment) {
    if (style !== "morph") return false;
    const callbacks = { beforeAttributeUpdated: keepPressed };
    Idiomorph.morph(target, [...fragment.children], { morphStyle: "outerHTML", callbacks });
    return [target];
  },
});

/** Which text a card shows is the reader's choice, not the server's. */
function keepPressed(name) {
  return name !== "aria-pressed";
}

/** Fetch fragments by name and put them where they stand; one that cannot be fetched stays as it is. */
export async function refresh(base, names) {
  const parts = names.map((name) => [name, document.getElementById(`fragment-${name}`)]).filter(([, part]) => part);
  await Promise.all(
    parts.map(([name, part]) => {
      part.setAttribute("hx-ext", "morph");
      return htmx.ajax("GET", base + encodeURIComponent(name), { target: part, swap: "morph", source: part });
    }),
  );
}
