import type { Node } from 'constructs';

/**
 * Finds settings that nobody reads and that look like one that somebody does: `waff=true` would
 * otherwise deploy without a word. Other names are left alone, for the context also holds what
 * CDK and a deployer's own ~/.cdk.json say.
 *
 * @throws Error that names each, and the setting that was probably meant
 */
export function refuseTypos(node: Node, known: ReadonlySet<string>): void {
  const given: Record<string, unknown> = node.getAllContext();
  const sentences = Object.keys(given)
    // CDK's own have an @, a colon or a slash in them.
    .filter((name) => /^[\w-]+$/.test(name) && !known.has(name))
    .flatMap((name) => {
      const meant = [...known].find((setting) => isAlike(name, setting));
      return meant ? [`There is no setting "${name}". Did you mean -c ${meant}=…?`] : [];
    });
  if (sentences.length > 0) throw new Error(sentences.join('\n'));
}

/** Two letters wrong, or one stands within the other, whatever their case and separators. */
function isAlike(name: string, setting: string): boolean {
  const [a, b] = [plain(name), plain(setting)];
  if (a.length < 3) return false;
  const within = a.length > 3 && b.length > 3 && (a.includes(b) || b.includes(a));
  return within || distance(a, b) <= (b.length < 6 ? 1 : 2);
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[-_\s]/g, '');

/** Levenshtein's: how many letters have to be put in, left out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
