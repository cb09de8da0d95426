import { refText } from '../../model/objects.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { ContextView } from '../../state/inventory.ts';
import { plainText } from '../plainText.ts';
import { objectOf } from './address.ts';
import { connectionFact, type RowTools } from './draw.ts';
import { scopeFact, shareFact, type Fact } from './facts.ts';
import type { Address } from './model.ts';
import { rolloutAt } from './parts.ts';
import { say } from './tree.l10n.ts';

/** One line of a tooltip: what it is, and a text that may come from the cluster. */
export interface TooltipLine {
  readonly label: string;
  readonly value: string;
}

/** What the tooltip of a row says beyond the row itself; made only when somebody points at it. */
export function tooltipOf(tools: RowTools, address: Address): readonly TooltipLine[] {
  const line = (key: TipKey, value: Fact): TooltipLine => ({
    label: tools.render(say(`tree.tip.${key}`)),
    value: plainText(typeof value === 'string' ? value : tools.render(value)),
  });
  const { source } = tools;
  const context = source.context(address.context);
  const where = [line('context', address.context)];
  if (address.kind === 'context') return context ? contextTip(tools, context, line) : [];
  if (address.kind !== 'rollout' && address.kind !== 'service') {
    const object = objectOf(source, address);
    return object ? [line('name', refText(object)), ...where] : where;
  }
  const rollout = rolloutAt(source, address);
  const namespace = rollout?.namespace ?? (address.kind === 'service' ? address.namespace : '');
  const place = [...where, line('namespace', namespace)];
  return rollout ? [...place, ...rolloutTip(rollout, line)] : place;
}

type TipKey =
  | 'context'
  | 'namespace'
  | 'route'
  | 'name'
  | 'share'
  | 'stable'
  | 'canary'
  | 'owner'
  | 'problem'
  | 'scope'
  | 'server'
  | 'kubeconfig'
  | 'machine'
  | 'connection';
type LineOf = (key: TipKey, value: Fact) => TooltipLine;

function contextTip(tools: RowTools, context: ContextView, line: LineOf): TooltipLine[] {
  const { connection, partial } = context;
  const reason = connection.kind === 'stale' ? [line('connection', connection.text)] : [];
  return [
    line('context', context.name),
    ...originTip(context, line),
    line('scope', context.scope.length === 0 ? scopeFact(context) : context.scope.join(', ')),
    ...(partial ? [line('scope', partial)] : []),
    ...connectionFact(tools, context).map((fact) => line('connection', fact)),
    ...reason,
  ];
}

/** Which kubeconfig counts is not obvious under WSL, SSH and in containers: it is that of where the extension runs. */
function originTip({ origin }: ContextView, line: LineOf): readonly TooltipLine[] {
  if (origin === undefined) return [];
  return [
    line('server', origin.server),
    line('kubeconfig', origin.files.join(', ')),
    ...(origin.machine === '' ? [] : [line('machine', origin.machine)]),
  ];
}

function rolloutTip(rollout: Rollout, line: LineOf): TooltipLine[] {
  const tracks = rollout.tracks.flatMap(({ role, name, workload }) =>
    role === 'other' ? [] : [line(role, `${name} ${workload?.image ?? ''}`)],
  );
  return [
    line('route', refText(rollout.route)),
    line('share', shareFact(rollout.canaryShare)),
    ...tracks,
    ...(rollout.owner ? [line('owner', rollout.owner.effect)] : []),
    ...rollout.problems.slice(0, 5).map((problem) => line('problem', problem.text)),
  ];
}
