import { describe, expect, test } from '@jest/globals';
import { blockHtml, escapeHtml, inlineHtml, tableHtml } from '../../../lib/docs/markdown.ts';

describe('Markdown', () => {
  test('becomes a run of text within what stands around it', () => {
    expect(inlineHtml('**a** `<b>` [c](/c/) & "d"')).toBe(
      '<strong>a</strong> <code>&lt;b&gt;</code> <a href="/c/">c</a> &amp; &quot;d&quot;',
    );
  });

  test('becomes blocks, with tables that scroll by themselves', () => {
    const html = blockHtml('One\nparagraph.\n\n- a\n- b\n\n| x |\n|---|\n| `1` |');
    expect(html).toContain('<p>One\nparagraph.</p>');
    expect(html).toContain('<li>b</li>');
    expect(html).toMatch(/<div class="table" tabindex="0"><table>.*<td><code>1<\/code><\/td>/s);
  });

  test.each(['a <room> b', '<script>x()</script>', '<div>\n\nx\n\n</div>', '**<img src=x>**'])(
    'lets no HTML through: %j',
    (text) => {
      expect(inlineHtml(text)).not.toMatch(/<(?!\/?strong)/);
      expect(blockHtml(text)).not.toMatch(/<(?!\/?(p|strong)\b)/);
    },
  );

  test('stands in cells too', () => {
    expect(tableHtml(['a'], [['`b`'], ['']])).toContain(
      '<tbody><tr><td><code>b</code></td></tr>\n<tr><td></td></tr></tbody>',
    );
  });

  test('is not what an example is taken for', () => {
    expect(escapeHtml('{"a": "<b> & **c**"}')).toBe(
      '{&quot;a&quot;: &quot;&lt;b&gt; &amp; **c**&quot;}',
    );
  });
});
