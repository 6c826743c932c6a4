/** A picture of some numbers: bars for things, lines over a scale. */
export interface Chart {
  /** Part of the file's name. */
  name: string;
  title: string;
  kind: 'bars' | 'lines';
  /** What is counted, with its unit. */
  unit: string;
  /** Below the bars, or along the line's scale. */
  labels: readonly string[];
  series: readonly { name: string; values: readonly number[] }[];
  /** Values over several powers of ten. */
  logarithmic?: boolean;
}

const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 16;
const TOP = 64;
const BOTTOM = 40;
const COLOURS = ['#2f7ed8', '#e8743b', '#19a979', '#945ecf', '#c0362c', '#8a8a8a'];

/** Legible on light and on dark: the text is grey between the two, the ground is none. */
const STYLE = `text { font: 12px system-ui, sans-serif; fill: #808890 }
.title { font-size: 15px; font-weight: 600 }
.grid { stroke: #80889055 }`;

export function toSvg(chart: Chart): string {
  const scale = scaleOf(chart);
  const body = [
    text(LEFT, 22, chart.title, 'start', 'title'),
    text(LEFT, 40, chart.unit),
    ...legend(chart),
    ...scale.ticks.map((tick) => gridLine(scale.y(tick), tick)),
    ...chart.labels.map((label, index) =>
      text(centre(chart, index), HEIGHT - BOTTOM + 18, label, 'middle'),
    ),
    ...(chart.kind === 'bars' ? bars(chart, scale) : lines(chart, scale)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
<title>${escaped(chart.title)}</title>
<style>${STYLE}</style>
${body.join('\n')}
</svg>
`;
}

interface Scale {
  ticks: number[];
  y(value: number): number;
}

function scaleOf({ series, logarithmic }: Chart): Scale {
  const values = series.flatMap((one) => one.values).filter((value) => value > 0);
  const span = HEIGHT - TOP - BOTTOM;
  const place = (part: number) => HEIGHT - BOTTOM - Math.max(0, Math.min(1, part)) * span;
  if (logarithmic) {
    const low = Math.floor(Math.log10(Math.min(...values)));
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
    return {
      ticks: Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)),
      y: (value) => place((Math.log10(value) - low) / (high - low)),
    };
  }
  const step = niceStep(Math.max(...values, 1e-9) / 5);
  const top = Math.ceil(Math.max(...values, 1e-9) / step) * step;
  return {
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step),
    y: (value) => place(value / top),
  };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}

/** The middle of a label's place. */
const centre = ({ labels }: Chart, index: number) =>
  LEFT + ((index + 0.5) * (WIDTH - LEFT - RIGHT)) / labels.length;

function bars(chart: Chart, { y }: Scale): string[] {
  const place = (WIDTH - LEFT - RIGHT) / chart.labels.length;
  const width = Math.min(64, (place * 0.7) / chart.series.length);
  return chart.series.flatMap(({ values }, nth) =>
    values.map((value, index) => {
      if (!Number.isFinite(value)) return '';
      const x = centre(chart, index) + (nth - chart.series.length / 2) * width;
      const top = y(value);
      const bar = `<rect x="${round(x)}" y="${round(top)}" width="${round(width - 2)}" height="${round(HEIGHT - BOTTOM - top)}" fill="${colour(nth)}"/>`;
      return `${bar}${text(x + width / 2, top - 4, short(value), 'middle')}`;
    }),
  );
}

function lines(chart: Chart, { y }: Scale): string[] {
  return chart.series.map(({ values }, nth) => {
    const points = values
      .map((value, index) => [round(centre(chart, index)), round(y(value))] as const)
      .filter((_, index) => Number.isFinite(values[index]));
    const dots = points.map(
      ([x, top]) => `<circle cx="${x}" cy="${top}" r="3" fill="${colour(nth)}"/>`,
    );
    return `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${colour(nth)}" stroke-width="2"/>${dots.join('')}`;
  });
}

function legend({ series }: Chart): string[] {
  if (series.length < 2) return [];
  const place = (WIDTH - 300) / series.length;
  return series.map(({ name }, nth) => {
    const x = 300 + nth * place;
    return `<rect x="${round(x)}" y="32" width="10" height="10" fill="${colour(nth)}"/>${text(x + 15, 41, name)}`;
  });
}

const gridLine = (y: number, tick: number) =>
  `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y)}" y2="${round(y)}"/>${text(LEFT - 6, y + 4, short(tick), 'end')}`;

const text = (x: number, y: number, words: string, anchor = 'start', style = '') =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${style && ` class="${style}"`}>${escaped(words)}</text>`;

const colour = (nth: number) => COLOURS[nth % COLOURS.length];
const round = (value: number) => Math.round(value * 10) / 10;
const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** 1234567 as 1.2M. */
export function short(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e9) return `${digits(value / 1e9)}G`;
  if (size >= 1e6) return `${digits(value / 1e6)}M`;
  if (size >= 1e4) return `${digits(value / 1e3)}k`;
  return digits(value);
}

const digits = (value: number) => String(Number(value.toPrecision(3)));
