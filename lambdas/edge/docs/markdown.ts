/** As much of Markdown as the contracts use: paragraphs, tables, code, bold, links. */

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');

/** A run of text within a paragraph or a cell. */
export function inlineHtml(markdown: string): string {
  return markdown
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `<code>${escapeHtml(part)}</code>` : prose(part)))
    .join('');
}

const prose = (text: string) =>
  escapeHtml(text)
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\[([^\]]+)\]\((\/[^)]*)\)/g, '<a href="$2">$1</a>');

export function blockHtml(markdown: string): string {
  return markdown
    .split('\n\n')
    .map((block) => (block.startsWith('|') ? pipeTable(block) : `<p>${inlineHtml(block)}</p>`))
    .join('\n');
}

function pipeTable(block: string): string {
  const cells = (row: string) => row.split('|').slice(1, -1);
  const [head = '', , ...rows] = block.split('\n');
  return tableHtml(cells(head), rows.map(cells));
}

/** Cells are Markdown. The table scrolls by itself on a narrow screen. */
export function tableHtml(head: string[], rows: string[][]): string {
  const row = (tag: string, cells: string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${inlineHtml(cell.trim())}</${tag}>`).join('')}</tr>`;
  return `<div class="table" tabindex="0"><table>
<thead>${row('th', head)}</thead>
<tbody>${rows.map((cells) => row('td', cells)).join('\n')}</tbody>
</table></div>`;
}
