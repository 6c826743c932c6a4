const LINKS = [
  ['/', 'Chat'],
  ['/api/docs/', 'REST, to try'],
  ['/api/schema/redoc/', 'REST, to read'],
  ['/api/schema/socket/', 'Socket'],
] as const;

/** The way from one page of the documentation to the others. */
export function navigation(current: string): string {
  const links = LINKS.map(
    ([href, text]) =>
      `<a href="${href}"${href === current ? ' aria-current="page"' : ''}>${text}</a>`,
  );
  return `<nav class="docs-nav" aria-label="Documentation">${links.join('\n')}</nav>`;
}
