// What the keyboard cannot reach or, once there, not be seen on. Within tool bars, tabs and lists arrows move on.
(() => {
  const found = [];
  const former = document.activeElement;
  const moved = "[role=toolbar], [role=tablist], [role=listbox], [role=menu], section-tools";
  const name = (each) => each.outerHTML.replace(/\s+/g, " ").slice(0, 100);
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary, [onclick], [role=button]")) {
    if (!each.checkVisibility({ visibilityProperty: true }) || each.disabled || each.type === "hidden") continue;
    if (each.closest("[inert], .cm-editor")) continue;
    if (each.tabIndex < 0) {
      if (!each.closest(moved) && !each.matches("[role=tab], [aria-hidden=true]")) found.push(`not by Tab: ${name(each)}`);
      continue;
    }
    each.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement !== each) {
      found.push(`takes no focus: ${name(each)}`);
      continue;
    }
    const style = getComputedStyle(each);
    const label = each.closest("label") && getComputedStyle(each.closest("label"));
    const shown = [style, label].some((one) => one && (one.outlineStyle !== "none" || one.boxShadow !== "none"));
    if (!shown) found.push(`shows no focus: ${name(each)}`);
  }
  former?.focus?.({ preventScroll: true });
  return found;
})()
