// What a patient's page may not have: sideways scrolling, letters under 18 px, targets under 44 px (links within a
// sentence excepted). Answers a list of sentences.
(() => {
  const found = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) found.push(`${wide} px wide`);
  const seen = (each) => each.checkVisibility() && !each.closest(".visually-hidden, .skip");
  const name = (each) => `${each.tagName.toLowerCase()} “${each.textContent.trim().slice(0, 30)}”`;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: each, data } = walker.currentNode;
    if (!data.trim() || each.closest("script, style, .demo-strip, .avatar") || !seen(each)) continue;
    const size = parseFloat(getComputedStyle(each).fontSize);
    if (size < 18) found.push(`${name(each)} is written in ${size} px`);
  }
  for (const each of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    if (!seen(each) || each.type === "hidden" || (each.matches("a") && each.closest("p") && !each.closest(".row"))) continue;
    const box = (each.closest("label") ?? each).getBoundingClientRect();
    if (box.height < 43.5) found.push(`${name(each)} is ${box.height} px high`);
  }
  return found;
})()
