/** Progress on stderr: alive on a terminal, lines elsewhere. Errors are for the caller to print. */
import { Listr, ListrLogger, ListrTaskEventType, type ListrTaskObject, ListrTaskState, ProcessOutput } from 'listr2';

export interface Task {
  title: string;
  work: (display: Display) => Promise<void>;
}

export interface Display {
  /** Puts what is known now in the title's place. */
  retitle(title: string): void;
  /** Says what the task is at. */
  note(text: string): void;
  /** Whether a note takes the place of the one before: on a terminal. */
  isAlive: boolean;
}

/** Shows one task, and has its result. @param work may say what it is at, which is shown on a terminal. */
export async function step<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
  const result = Promise.withResolvers<T>();
  const noteOn = ({ isAlive, note }: Display) => (isAlive ? note : () => undefined);
  await show([{ title, work: (display) => work(noteOn(display)).then(result.resolve) }]);
  return result.promise;
}

/** Shows tasks that are worked at together. A task that fails keeps none from going on, and is marked. */
export const sideBySide = (tasks: Task[]): Promise<void> => show(tasks, { concurrent: true, exitOnError: false });

async function show(tasks: Task[], options: { concurrent?: boolean; exitOnError?: boolean } = {}): Promise<void> {
  const shown = tasks.map(({ title, work }) => ({
    title,
    task: (_context: unknown, task: { title: string; output: string }) =>
      work({
        retitle(known) {
          task.title = known;
        },
        note(text) {
          task.output = text;
        },
        isAlive: process.stderr.isTTY,
      }),
  }));
  await new Listr(shown, {
    ...options,
    renderer: process.stderr.isTTY ? 'default' : Lines,
    rendererOptions: {
      logger: new ListrLogger({ processOutput: onStderr, useIcons: true }),
      icon: MARKS,
      showErrorMessage: false,
    },
    fallbackRenderer: Lines,
    registerSignalListeners: false,
  }).run();
}

const onStderr = new ProcessOutput(process.stderr, process.stderr);

type AnyTask = ListrTaskObject<unknown, typeof Lines, typeof Lines>;

const MARKS: Partial<Record<ListrTaskState, string>> = {
  [ListrTaskState.COMPLETED]: '✓',
  [ListrTaskState.FAILED]: '✗',
};

/** For pipes and logs. What listr2 brings says everything twice, and takes its colours from what stdout is. */
class Lines {
  static nonTTY = true;
  static rendererOptions = {};
  static rendererTaskOptions = {};
  readonly #tasks: AnyTask[];

  constructor(tasks: AnyTask[]) {
    this.#tasks = tasks;
  }

  render(): void {
    for (const task of this.#tasks) {
      task.on(ListrTaskEventType.STATE, (state) => {
        const mark = MARKS[state];
        if (mark) process.stderr.write(`${mark} ${task.title}\n`);
      });
      task.on(ListrTaskEventType.OUTPUT, (note) => process.stderr.write(`… ${task.title}: ${note}\n`));
    }
  }

  end(): void {}
}
