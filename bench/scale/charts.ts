/** What the figures look like: Vega-Lite, rendered to SVG. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logger, parse, View, Warn } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { PROJECT } from '../../local/paths.ts';

const FOLDER = join(PROJECT, 'docs/scale');

/** As in the other drawings of docs/: a white page, readable on a dark one, too. */
const STYLE = {
  background: '#ffffff',
  padding: 16,
  config: {
    font: 'system-ui, sans-serif',
    title: {
      anchor: 'start',
      color: '#14213d',
      fontSize: 15,
      subtitleColor: '#44506b',
      subtitleFontSize: 12,
      offset: 12,
    },
    axis: {
      labelColor: '#44506b',
      titleColor: '#14213d',
      gridColor: '#e3e7f0',
      labelOverlap: false,
      labelFontSize: 12,
      titleFontSize: 12,
    },
    legend: {
      labelColor: '#14213d',
      titleColor: '#14213d',
      labelFontSize: 12,
      titleFontSize: 12,
      labelLimit: 300,
      symbolStrokeWidth: 2.5,
      symbolSize: 300,
      symbolType: 'stroke',
    },
    header: { labelColor: '#14213d', titleColor: '#14213d', labelFontSize: 13, labelFontWeight: 600 },
    line: { strokeWidth: 2 },
    view: { stroke: '#c6cddc' },
  },
} as const;

/** The powers of ten on a logarithmic axis. */
export const powers = (from: number, to: number): number[] =>
  Array.from({ length: Math.round(Math.log10(to / from)) + 1 }, (_, power) => from * 10 ** power);

/** Told apart by everyone, and in grey (Okabe and Ito). */
export const COLORS = ['#0072b2', '#d55e00', '#009e73'];

/** A specification of https://vega.github.io/vega-lite/docs/spec.html. */
export type Chart = Record<string, unknown>;

/** What Vega-Lite finds wrong with a chart is an error: it would be drawn otherwise than it was meant. */
const STRICT = logger(Warn, undefined, (_level, _what, messages) => {
  throw new Error([...messages].join(' '));
});

/** Writes docs/scale/{name}.svg. */
export async function draw(name: string, chart: Chart): Promise<void> {
  const { spec } = compile({ ...STYLE, ...chart } as unknown as TopLevelSpec, { logger: STRICT });
  const view = new View(parse(spec), { renderer: 'none' });
  await writeFile(join(FOLDER, `${name}.svg`), `${await view.toSVG()}\n`);
  view.finalize();
}
