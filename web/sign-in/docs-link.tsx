/** Leads to the docs, unless the page was built for a chat that has none (lib/bundle-page.ts). */
export function DocsLink() {
  if (document.documentElement.dataset.docs === 'off') return null;
  return <a href="/api/docs/">For developers</a>;
}
