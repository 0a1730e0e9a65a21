// What comes from a word processor or a page becomes the Markdown that says the same.
import { escaped, safeAddress } from "./links.js";

const HEADINGS = { H1: "## ", H2: "## ", H3: "### ", H4: "### ", H5: "### ", H6: "### " };
const SKIPPED = new Set(["STYLE", "SCRIPT", "META", "LINK", "TITLE", "HEAD", "TEMPLATE", "SVG", "IMG", "OBJECT"]);

/** Markdown of an HTML fragment, or null when it holds no formatting worth keeping. */
export function markdownOf(html) {
  if (!html) return null;
  const tree = new DOMParser().parseFromString(html, "text/html");
  if (!tree.body.querySelector("h1,h2,h3,h4,h5,h6,ul,ol,b,strong,i,em,a[href],blockquote,table,[style*='font-weight'],[class*='MsoList']")) {
    return null;
  }
  return tidy(blocks(tree.body, ""));
}

function tidy(text) {
  return text
    .replace(/\u00a0/g, " ")
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function blocks(parent, indent) {
  let text = "";
  for (const node of parent.childNodes) text += block(node, indent);
  return text;
}

function block(node, indent) {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeType === Node.TEXT_NODE ? inline(node) : "";
  const { tagName } = node;
  if (SKIPPED.has(tagName)) return "";
  if (HEADINGS[tagName]) return `\n\n${HEADINGS[tagName]}${line(node)}\n\n`;
  if (tagName === "UL" || tagName === "OL") return `\n${items(node, indent)}\n`;
  if (tagName === "BLOCKQUOTE") return `\n\n${prefixed(tidy(blocks(node, "")), "> ")}\n\n`;
  if (tagName === "TABLE") return `\n\n${rows(node)}\n\n`;
  if (tagName === "HR") return "\n\n---\n\n";
  if (tagName === "BR") return "\n";
  if (/MsoList/.test(node.className)) return `\n${wordItem(node)}`;
  if (tagName === "P") return `\n\n${line(node)}\n\n`;
  if (tagName === "PRE") return `\n\n${node.textContent}\n\n`;
  if (/^(DIV|SECTION|ARTICLE|BODY|MAIN|HEADER|FOOTER|LI|DD|DT|DL)$/.test(tagName)) return `\n${blocks(node, indent)}\n`;
  return hasBlocks(node) ? blocks(node, indent) : inline(node);
}

function hasBlocks(node) {
  return node.querySelector("p,div,ul,ol,h1,h2,h3,h4,h5,h6,table,blockquote") !== null;
}

function items(list, indent) {
  let number = Number(list.getAttribute("start")) || 1;
  let text = "";
  for (const child of list.children) {
    if (child.tagName === "UL" || child.tagName === "OL") {
      text += items(child, `${indent}  `);
    } else if (child.tagName === "LI") {
      const box = child.querySelector("input[type=checkbox]");
      const begin = list.tagName === "OL" ? `${number++}. ` : box ? `- [${box.checked ? "x" : " "}] ` : "- ";
      const inner = [...child.childNodes].filter((node) => !["UL", "OL"].includes(node.tagName));
      text += `${indent}${begin}${inner.map(inline).join("").replace(/\s+/g, " ").trim()}\n`;
      for (const nested of child.children) {
        if (["UL", "OL"].includes(nested.tagName)) text += items(nested, `${indent}${" ".repeat(begin.length > 2 && list.tagName === "OL" ? 3 : 2)}`);
      }
    }
  }
  return text;
}

/** A list item as Word writes it: a paragraph whose bullet is text. */
function wordItem(node) {
  const words = line(node).replace(/^[·•o§\-–]\s*/u, "");
  const numbered = /^(\d+)[.)]\s*/.exec(words);
  const level = Number(/level(\d)/.exec(node.getAttribute("style") ?? "")?.[1] ?? 1);
  const indent = "  ".repeat(level - 1);
  return numbered ? `${indent}${numbered[1]}. ${words.slice(numbered[0].length)}` : `${indent}- ${words}`;
}

function rows(table) {
  return [...table.rows].map((row) => `- ${[...row.cells].map((cell) => line(cell)).filter(Boolean).join(" · ")}`).join("\n");
}

function line(node) {
  return [...node.childNodes]
    .map(inline)
    .join("")
    .replace(/[ \t]*\n[ \t]*/g, "\n")
    .trim();
}

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName) || node.tagName === "INPUT") return "";
  if (node.tagName === "BR") return "\n";
  const inner = [...node.childNodes].map(inline).join("");
  if (!inner.trim()) return inner;
  if (node.tagName === "A" && safeAddress(node.getAttribute("href") ?? "")) {
    return `[${inner.trim().replace(/[[\]]/g, "")}](${escaped(node.getAttribute("href"))})`;
  }
  // Read as text: the page's policy keeps style attributes from becoming styles.
  const style = node.getAttribute("style") ?? "";
  const weight = /font-weight:\s*(\w+)/i.exec(style)?.[1] ?? "";
  const isHeavy = /^(bold|bolder|[6-9]00)$/.test(weight);
  const isBold = (/^(B|STRONG)$/.test(node.tagName) && !/^(normal|[1-4]00)$/.test(weight)) || (node.tagName === "SPAN" && isHeavy);
  const isItalic = /^(I|EM)$/.test(node.tagName) || (node.tagName === "SPAN" && /font-style:\s*italic/i.test(style));
  return wrapped(wrapped(inner, isItalic ? "*" : ""), isBold ? "**" : "");
}

/** Marks hug the words: spaces stay outside. */
function wrapped(text, mark) {
  if (!mark) return text;
  const [, before, words, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  return `${before}${mark}${words}${mark}${after}`;
}

function prefixed(text, prefix) {
  return text
    .split("\n")
    .map((row) => prefix + row)
    .join("\n");
}
