import { Marked, Renderer } from 'marked';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');

/** A table scrolls by itself on a narrow screen. */
const scrolling = (table: string) => `<div class="table" tabindex="0">${table}</div>`;

const marked = new Marked({
  renderer: {
    // The contracts hold no HTML: what looks like it is a placeholder, like <room>.
    html: ({ text }) => escapeHtml(text),
    table(token) {
      return scrolling(Renderer.prototype.table.call(this, token));
    },
  },
});

/** A run of text within a paragraph or a cell. */
export const inlineHtml = (markdown: string): string =>
  marked.parseInline(markdown, { async: false });

export const blockHtml = (markdown: string): string => marked.parse(markdown, { async: false });

/** Cells are Markdown. */
export function tableHtml(head: string[], rows: string[][]): string {
  const row = (tag: string, cells: string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${inlineHtml(cell)}</${tag}>`).join('')}</tr>`;
  return scrolling(`<table>
<thead>${row('th', head)}</thead>
<tbody>${rows.map((cells) => row('td', cells)).join('\n')}</tbody>
</table>`);
}
