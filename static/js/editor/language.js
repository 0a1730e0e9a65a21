// The Markdown people write here, and nothing else: no raw HTML, images, underlined headings or reference links.
import { Language, TaskList, defineLanguageFacet, languageDataProp, markdownParser } from "../../vendor/editor.js";

const data = defineLanguageFacet();

const parser = markdownParser.configure([
  TaskList,
  {
    remove: ["SetextHeading", "HTMLBlock", "HTMLTag", "Entity", "Image", "LinkReference", "IndentedCode", "Autolink"],
    props: [languageDataProp.add((type) => (type.isTop ? data : undefined))],
  },
]);

export const markdown = new Language(data, parser, [], "markdown");
