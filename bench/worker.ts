import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process that does the tasks of one subject, so that no subject pays for another's heap, garbage or code. */
export interface Worker {
  /** @throws what the task threw, or that the process ended. */
  readonly run: (task: string, args?: unknown) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** What a task may be: from plain data to plain data. */
export type Tasks = Readonly<Record<string, (args: never) => unknown>>;

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** Starts a module that calls `answerTasks`. */
export function startWorker(module: string): Worker {
  const child = fork(module, { execArgv: ['--expose-gc'] });
  return {
    run: async (task, args) => {
      const answer = nextAnswer(child, task);
      child.send({ task, args });
      const { value, error } = await answer;
      if (error !== undefined) throw new Error(`${task}: ${error}`);
      return value;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

function nextAnswer(child: ChildProcess, task: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (): void => {
      reject(new Error(`The process ended in the middle of "${task}"`));
    };
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as Answer);
    });
  });
}

/** In the worker: does what it is asked for, one task at a time, until the parent ends. */
export function answerTasks(tasks: Tasks): void {
  process.on('message', (message: { readonly task: string; readonly args: never }) => {
    void attempt(tasks, message).then((answer) => process.send?.(answer));
  });
  process.on('disconnect', () => process.exit());
}

async function attempt(
  tasks: Tasks,
  { task, args }: { readonly task: string; readonly args: never },
): Promise<Answer> {
  try {
    return { value: await tasks[task]?.(args) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
