/** One line per step of the start: alive on a terminal, sparse in a log. */
import { styleText } from 'node:util';

/** Tells what a step is at. The last thing told stays on the step's line. */
export type Report = (detail: string) => void;

export interface Progress {
  step<T>(title: string, work: (report: Report) => Promise<T>): Promise<T>;
}

export const silent: Progress = { step: (_title, work) => work(() => {}) };

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 100;
const LOG_LINE_MS = 5_000;
const ERASE_LINE = '\r\x1b[K';

/** Shows steps on a stream. A step that fails keeps its line and rejects as its work did. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return {
    async step(title, work) {
      const start = performance.now();
      let detail = '';
      const line = (mark: string) => {
        const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
        return `${mark} ${seconds} s  ${title}${detail && ` · ${detail}`}`;
      };
      let frame = 0;
      const draw = () => {
        frame = (frame + 1) % FRAMES.length;
        stream.write(ERASE_LINE + line(FRAMES.charAt(frame)).slice(0, stream.columns - 1));
      };
      const alive = stream.isTTY
        ? setInterval(draw, FRAME_MS)
        : setInterval(() => stream.write(`${line('…')}\n`), LOG_LINE_MS);
      let mark = styleText('red', '✗', { stream });
      try {
        const result = await work((told) => {
          detail = told.trim();
        });
        mark = styleText('green', '✓', { stream });
        return result;
      } finally {
        clearInterval(alive);
        stream.write(`${stream.isTTY ? ERASE_LINE : ''}${line(mark)}\n`);
      }
    },
  };
}
