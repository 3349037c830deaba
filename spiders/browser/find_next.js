// Marks the control that turns a drawn list to its next page, if there is one that still works.
([mark, words, signs, names]) => {
  document.querySelectorAll(`[${mark}]`).forEach((one) => one.removeAttribute(mark));
  const dead = (one) =>
    one.disabled ||
    one.getAttribute("aria-disabled") === "true" ||
    /(^|[-_ ])(disabled?|gray|noclick)($|[-_ ])/i.test(one.getAttribute("class") ?? "");
  const told = (one) =>
    [one.textContent, one.title, one.getAttribute("aria-label"), one.value]
      .map((text) => String(text ?? "").replace(/\s/g, ""))
      .find((text) => text) ?? "";
  for (const one of document.querySelectorAll("a, button, li, span, input[type=button]")) {
    const named = names.some((name) => one.classList.contains(name));
    const pager = one.closest("[class*=pag i], [id*=pag i], [class*=fenye i]");
    const said = words.includes(told(one)) || (pager && signs.includes(told(one)));
    if (!named && !said) continue;
    const target = one.querySelector("a, button") ?? one;
    // "More" with an address of its own leads to another column.
    const link = target.closest("a");
    if (told(one).includes("更多") && /^(?!javascript:|#|$)/i.test(link?.getAttribute("href") ?? ""))
      continue;
    if (!target.checkVisibility()) continue;
    if ([target, one, one.parentElement].some(dead)) continue;
    target.setAttribute(mark, "");
    return true;
  }
  return false;
}
