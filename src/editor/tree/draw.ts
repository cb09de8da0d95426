import type { Event } from '../../base/emitter.ts';
import type { Text } from '../../base/text.ts';
import { plainText } from '../plainText.ts';
import type { ContextView } from '../../state/inventory.ts';
import type { Fact } from './facts.ts';
import type { InventorySource, Row, ViewName } from './model.ts';
import { say } from './tree.l10n.ts';

/** Runs of release plans, as rows tell of them. */
export interface RunFacts {
  /** What the run that is under way on this rollout does; undefined without one. */
  of(
    context: string,
    rolloutId: string,
  ): { readonly fact: Text; readonly isDriven: boolean } | undefined;
  readonly onDidChange: Event<unknown>;
}

/** What rows are drawn from. `time` renders a wall-clock moment ("12:04:31"). */
export interface RowTools {
  readonly source: InventorySource;
  readonly runs: RunFacts;
  readonly render: (text: Text) => string;
  readonly time: (atMs: number) => string;
  readonly view: ViewName;
  /** Text that rows must contain; '' shows all. */
  readonly filter: string;
}

/** What a row is made of, before words are rendered and cleaned. */
export interface RowParts {
  readonly label: string;
  readonly facts: readonly Fact[];
  readonly spokenLabel?: Text;
  readonly icon: Row['icon'];
  readonly flags: readonly string[];
  readonly collapsible?: Row['collapsible'];
  readonly opens?: 'rollout' | 'metrics';
}

export function drawn({ render }: RowTools, parts: RowParts): Row {
  const facts = parts.facts.map((fact) =>
    plainText(typeof fact === 'string' ? fact : render(fact)),
  );
  const label = plainText(parts.label);
  const spokenLabel = parts.spokenLabel ? plainText(render(parts.spokenLabel)) : label;
  const spoken = render(say('tree.spoken', { label: spokenLabel, facts: facts.join(', ') }));
  return {
    label,
    description: facts.join(' · '),
    spoken: facts.length === 0 ? spokenLabel : spoken,
    icon: parts.icon,
    flags: parts.flags,
    collapsible: parts.collapsible ?? 'none',
    ...(parts.opens && { opens: parts.opens }),
  };
}

/** How fresh the rows of a context are; nothing when they are live. */
export function connectionFact(tools: RowTools, { connection }: ContextView): Fact[] {
  switch (connection.kind) {
    case 'idle':
      return [say('tree.notConnected')];
    case 'connecting':
      return [say('tree.connecting')];
    case 'live':
      return [];
    case 'stale':
      return [say('tree.asOf', { time: tools.time(connection.sinceMs) })];
    case 'failed':
      return [connection.text];
  }
}
