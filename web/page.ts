/** Replaces what the page shows by a template of index.html, and returns its root. */
export function show(template: 'sign-in' | 'lobby' | 'room'): HTMLElement {
  const copy = find(document, `#${template}`, HTMLTemplateElement).content.cloneNode(true);
  const view = find(document, '#view', HTMLElement);
  view.replaceChildren(copy);
  return find(view, 'section', HTMLElement);
}

/** The element that index.html promises. */
export function find<T extends Element>(
  within: ParentNode,
  selector: string,
  kind: new () => T,
): T {
  const element = within.querySelector(selector);
  if (element instanceof kind) return element;
  throw new TypeError(`There is no ${selector} on the page.`);
}

/** Text only ever becomes text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}
