// Refreshes parts of the page: fetched by htmx under one's own rights, morphed in by idiomorph.
import { Idiomorph, htmx } from "../../vendor/htmx.js";

htmx.defineExtension("morph", {
  isInlineSwap: (style) => style === "morph",
  handleSwap(style, target, fragment) {
    if (style !== "morph") return false;
    Idiomorph.morph(target, [...fragment.children], { morphStyle: "outerHTML", callbacks: { beforeAttributeUpdated: keepPressed } });
    return [target];
  },
});

/** Which text a card shows is the reader's choice, not the server's. */
function keepPressed(name) {
  return name !== "aria-pressed";
}

/** Fetch fragments by name and put them where they stand; one that cannot be fetched stays as it is. */
export async function refresh(base, names) {
  const wanted = names.filter((name) => document.getElementById(`fragment-${name}`));
  await Promise.all(
    wanted.map((name) =>
      htmx.ajax("GET", base + name, { target: `#fragment-${CSS.escape(name)}`, swap: "morph", source: `#fragment-${CSS.escape(name)}` }),
    ),
  );
}
