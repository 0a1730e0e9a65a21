// Fragments are morphed in by idiomorph, so that focus and caret stay.
export { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
