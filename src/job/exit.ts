import type { RunResult } from '../release/run.ts';

/** Exit codes. A Job is started again after `interrupted`, and after no other. */
export const EXIT = {
  ok: 0,
  interrupted: 1,
  usage: 2,
  rolledBack: 3,
  refused: 4,
  left: 5,
} as const;

export const exitOf: Readonly<Record<RunResult, number>> = {
  promoted: EXIT.ok,
  completed: EXIT.ok,
  rolledBack: EXIT.rolledBack,
  takenBack: EXIT.rolledBack,
  refused: EXIT.refused,
  left: EXIT.left,
  gone: EXIT.left,
};
