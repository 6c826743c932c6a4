import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chart, toSvg } from './chart.ts';

/** A number that was measured against another in the same run. */
export interface Finding {
  what: string;
  measured: string;
  /** What the other is, and its number. */
  baseline: string;
  target: string;
  met: boolean;
}

export interface Table {
  title: string;
  header: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

export interface Report {
  /** What was done, and how, in a paragraph. */
  method: string;
  findings: readonly Finding[];
  tables: readonly Table[];
  charts: readonly Chart[];
  /** What the numbers don't say, or what stands in the way. */
  notes: readonly string[];
}

export interface Scenario {
  name: string;
  title: string;
  /** It is run when it is named, not with all: it installs other programs. */
  onlyByName?: true;
  run(options?: RunOptions): Promise<Report>;
}

export interface RunOptions {
  /** How often all is measured, of a scenario whose rounds take minutes. */
  rounds?: number;
}

export const FOLDER = new URL('results/', import.meta.url).pathname;
const IN_SHORT = '## In short';

/** Writes a scenario's page and pictures, and the overview of all pages. */
export async function writeReport({ name, title }: Scenario, report: Report): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const chart of report.charts) {
    await writeFile(join(FOLDER, `${name}-${chart.name}.svg`), toSvg(chart));
  }
  await writeFile(join(FOLDER, `${name}.md`), page(name, title, report));
  await writeFile(join(FOLDER, 'README.md'), await overview());
}

export function page(name: string, title: string, report: Report): string {
  const parts = [
    `# ${title}`,
    `\`npm run bench -- ${name}\`, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${new Date().toISOString().slice(0, 10)}`,
    report.method,
    `${IN_SHORT}\n\n${table(
      ['what', 'measured', 'baseline', 'target', 'met'],
      report.findings.map((finding) => [
        finding.what,
        finding.measured,
        finding.baseline,
        finding.target,
        finding.met ? 'yes' : '**no**',
      ]),
    )}`,
    ...report.tables.map(({ title, header, rows }) => `## ${title}\n\n${table(header, rows)}`),
    ...report.charts.map((chart) => `![${chart.title}](${name}-${chart.name}.svg)`),
    ...(report.notes.length > 0
      ? [`## Notes\n\n${report.notes.map((note) => `- ${note}`).join('\n')}`]
      : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

export function table(header: Table['header'], rows: Table['rows']): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const numeric = header.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  return [
    line(header),
    line(numeric.map((right) => (right ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** The findings of every page, as they stand on disk. */
export async function overview(): Promise<string> {
  const files = (await readdir(FOLDER)).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  const parts = ['# Results', 'Made by `npm run bench`. How each was measured stands on its page.'];
  for (const file of files.sort()) {
    const text = await readFile(join(FOLDER, file), 'utf8');
    const title = /^# (.*)$/m.exec(text)?.[1];
    const [, after = ''] = text.split(`${IN_SHORT}\n\n`);
    parts.push(`## [${title}](${file})\n\n${after.split('\n\n')[0]?.trimEnd()}`);
  }
  return `${parts.join('\n\n')}\n`;
}
