import type { Text } from '../../base/text.ts';
import { backendOf } from '../../backends/registry.ts';
import { refText } from '../../model/objects.ts';
import { isActive, type Problem, type Rollout, type Track } from '../../model/rollout.ts';
import type { ContextView, ServiceView } from '../../state/inventory.ts';
import { plainText } from '../plainText.ts';
import { objectOf } from './address.ts';
import { rolloutFacts, scopeFact, shareFact, splitFact, trackFacts, type Fact } from './facts.ts';
import type { Address, InventorySource, Row, ViewName } from './model.ts';
import { say } from './tree.l10n.ts';

/** What rows are drawn from. `time` renders a wall-clock moment ("12:04:31"). */
export interface RowTools {
  readonly source: InventorySource;
  readonly render: (text: Text) => string;
  readonly time: (atMs: number) => string;
  readonly view: ViewName;
  /** Text that rows must contain; '' shows all. */
  readonly filter: string;
}

/** The row at an address as it is now; undefined when what it shows is gone. O(1) in the size of the cluster. */
export function rowOf(tools: RowTools, address: Address): Row | undefined {
  const { source } = tools;
  switch (address.kind) {
    case 'context': {
      const context = source.context(address.context);
      return context && contextRow(tools, context);
    }
    case 'namespace': {
      const namespace = source.namespace(address.context, address.namespace);
      return namespace && namespaceRow(tools, namespace.name, namespace.services.length);
    }
    case 'service': {
      const service = source.service(address.context, address.namespace, address.name);
      return service && serviceRow(tools, address.context, service);
    }
    case 'rollout': {
      const rollout = source.rollout(address.context, address.rolloutId);
      return rollout && rolloutRow(tools, address.context, rollout);
    }
    case 'part':
      return partRow(tools, address);
    case 'note': {
      const context = source.context(address.context);
      return context && noteRow(tools, context);
    }
  }
}

interface Parts {
  readonly label: string;
  readonly facts: readonly Fact[];
  readonly spokenLabel?: Text;
  readonly icon: Row['icon'];
  readonly flags: readonly string[];
  readonly collapsible?: Row['collapsible'];
  readonly opens?: 'rollout' | 'metrics';
}

function drawn({ render }: RowTools, parts: Parts): Row {
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

function contextRow(tools: RowTools, context: ContextView): Row {
  return drawn(tools, {
    label: context.name,
    facts: [
      ...(tools.view === 'services' ? [scopeFact(context)] : []),
      ...(context.protected ? [say('tree.protected')] : []),
      ...connectionFact(tools, context),
    ],
    spokenLabel: say('tree.spoken.context', { name: context.name }),
    icon: { id: context.protected ? 'shield' : 'server-environment' },
    flags: ['context', context.current ? 'current' : 'other'],
    collapsible: context.current ? 'expanded' : 'collapsed',
  });
}

function connectionFact(tools: RowTools, { connection }: ContextView): Fact[] {
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

function namespaceRow(tools: RowTools, name: string, services: number): Row {
  return drawn(tools, {
    label: name,
    facts: [services === 1 ? say('tree.service') : say('tree.services', { n: services })],
    spokenLabel: say('tree.spoken.namespace', { name }),
    icon: { id: 'symbol-namespace' },
    flags: ['namespace', 'object'],
    collapsible: tools.filter === '' ? 'collapsed' : 'expanded',
  });
}

function rolloutRow(tools: RowTools, contextName: string, rollout: Rollout): Row {
  const context = tools.source.context(contextName);
  const isSpread = (context?.namespaces.length ?? 0) > 1;
  return drawn(tools, {
    label: rollout.service,
    facts: [...rolloutFacts(rollout), ...(isSpread ? [rollout.namespace] : [])],
    spokenLabel: say('tree.spoken.rollout', { name: rollout.service }),
    icon: rolloutIcon(rollout, context),
    flags: rolloutFlags(rollout, context),
    collapsible: 'collapsed',
    opens: 'rollout',
  });
}

function serviceRow(tools: RowTools, contextName: string, service: ServiceView): Row {
  const context = tools.source.context(contextName);
  const rollout =
    service.rolloutId === undefined
      ? undefined
      : tools.source.rollout(contextName, service.rolloutId);
  const common = {
    label: service.name,
    spokenLabel: say('tree.spoken.service', { name: service.name }),
    collapsible:
      service.workloads.length > 0 || rollout ? ('collapsed' as const) : ('none' as const),
  };
  if (rollout === undefined) {
    const startable = service.workloads.length === 1 && isLive(context);
    return drawn(tools, {
      ...common,
      facts: [say(service.workloads.length === 0 ? 'tree.noWorkload' : 'tree.noCanary')],
      icon: { id: 'symbol-interface', ...(!isLive(context) && greyed) },
      flags: ['service', 'object', ...(startable ? ['startable'] : [])],
      opens: 'metrics',
    });
  }
  const title = backendOf(rollout.backend)?.title ?? rollout.backend;
  return drawn(tools, {
    ...common,
    facts: [title, splitFact(rollout)],
    icon: rolloutIcon(rollout, context),
    flags: rolloutFlags(rollout, context),
    opens: 'rollout',
  });
}

const greyed = { color: 'disabledForeground' } as const;

function isLive(context: ContextView | undefined): boolean {
  return context?.connection.kind === 'live';
}

function rolloutIcon(rollout: Rollout, context: ContextView | undefined): Row['icon'] {
  const icon = iconOfState(rollout);
  return isLive(context) ? icon : { ...icon, ...greyed };
}

function iconOfState(rollout: Rollout): { readonly id: string; readonly color: string } {
  const has = (severity: Problem['severity']): boolean =>
    rollout.problems.some((problem) => problem.severity === severity);
  if (has('error')) return { id: 'error', color: 'testing.iconFailed' };
  if (has('warning')) return { id: 'warning', color: 'list.warningForeground' };
  if (isActive(rollout)) return { id: 'git-compare', color: 'charts.orange' };
  if (rollout.canaryShare === 1) return { id: 'arrow-circle-up', color: 'charts.orange' };
  return { id: 'circle-large-outline', color: 'charts.blue' };
}

/** What the menus offer. Rolling back is offered in every state; the rest waits while the view is out of date. */
function rolloutFlags(rollout: Rollout, context: ContextView | undefined): string[] {
  const isOurs = rollout.owner?.kind !== 'controller' && isLive(context);
  const backend = backendOf(rollout.backend);
  return [
    'rollout',
    'object',
    ...(isActive(rollout) ? ['active'] : []),
    ...(rollout.canaryShare > 0 ? ['rollback'] : []),
    ...(isOurs && rollout.weights.kind !== 'none' ? ['weights'] : []),
    ...(isOurs && rollout.promotion.style !== 'none' ? ['promote'] : []),
    ...(isOurs && backend?.capabilities.startsCanary === true ? ['endable'] : []),
  ];
}

function partRow(tools: RowTools, address: Extract<Address, { kind: 'part' }>): Row | undefined {
  const { source } = tools;
  const { parent, part } = address;
  const [kind, key] = splitPart(part);
  if (kind === 'workload' && parent.kind === 'service') {
    const service = source.service(parent.context, parent.namespace, parent.name);
    const workload = service?.workloads.find((w) => w.ref.name === key);
    if (workload === undefined) return undefined;
    const { ready, replicas, version, ref } = workload;
    return drawn(tools, {
      label: refLabel(ref.resource.kind, ref.name),
      facts: [...(version === undefined ? [] : [version]), say('tree.ready', { ready, replicas })],
      icon: { id: 'circle-filled', color: 'charts.blue' },
      flags: ['workload', 'object'],
    });
  }
  const rollout = rolloutAt(source, parent);
  if (rollout === undefined) return undefined;
  switch (kind) {
    case 'track': {
      const track = rollout.tracks.find((t) => t.id === key);
      return track && trackRow(tools, rollout, track);
    }
    case 'route':
      return routeRow(tools, rollout);
    case 'owner':
      return ownerRow(tools, rollout);
    case 'problem': {
      const problem = rollout.problems[Number(key)];
      return problem && problemRow(tools, problem, objectOf(source, address) !== undefined);
    }
    default:
      return undefined;
  }
}

function splitPart(part: string): readonly [kind: string, key: string] {
  const colon = part.indexOf(':');
  return colon < 0 ? [part, ''] : [part.slice(0, colon), part.slice(colon + 1)];
}

function rolloutAt(
  source: InventorySource,
  parent: Extract<Address, { kind: 'part' }>['parent'],
): Rollout | undefined {
  if (parent.kind === 'rollout') return source.rollout(parent.context, parent.rolloutId);
  const id = source.service(parent.context, parent.namespace, parent.name)?.rolloutId;
  return id === undefined ? undefined : source.rollout(parent.context, id);
}

function refLabel(kind: string, name: string): string {
  return `${kind} ${name}`;
}

function trackRow(tools: RowTools, rollout: Rollout, track: Track): Row {
  const icons = {
    stable: { id: 'circle-filled', color: 'charts.blue' },
    canary: { id: 'circle-filled', color: 'charts.orange' },
    other: { id: 'circle-outline' },
  } as const;
  const role = track.role === 'other' ? track.name : tools.render(say(`tree.${track.role}`));
  return drawn(tools, {
    label: role,
    facts: [...(role === track.name ? [] : [track.name]), ...trackFacts(rollout, track)],
    icon: icons[track.role],
    flags: ['track', ...(track.workload ? ['object'] : [])],
  });
}

function routeRow(tools: RowTools, rollout: Rollout): Row {
  const names = rollout.rules.map((rule) => rule.id).filter((id) => !id.startsWith('#'));
  return drawn(tools, {
    label: refLabel(rollout.route.resource.kind, rollout.route.name),
    facts: [
      names.length > 0
        ? say('tree.route', { names: names.slice(0, 3).join(', ') })
        : say('tree.rules', { n: rollout.rules.length }),
    ].filter(() => names.length > 0 || rollout.rules.length > 1),
    icon: { id: 'references' },
    flags: ['route', 'object'],
  });
}

function ownerRow(tools: RowTools, { owner }: Rollout): Row | undefined {
  if (owner === undefined) return undefined;
  return drawn(tools, {
    label: owner.name,
    facts: [owner.effect],
    icon: { id: owner.kind === 'controller' ? 'lock' : 'git-branch' },
    flags: ['owner'],
  });
}

function problemRow(tools: RowTools, problem: Problem, hasObject: boolean): Row {
  const icons = {
    error: { id: 'error', color: 'testing.iconFailed' },
    warning: { id: 'warning', color: 'list.warningForeground' },
    info: { id: 'info' },
  } as const;
  return drawn(tools, {
    label: tools.render(problem.text),
    facts: [],
    spokenLabel: say('tree.spoken.problem', { text: problem.text }),
    icon: icons[problem.severity],
    flags: ['problem', ...(hasObject ? ['object'] : [])],
  });
}

function noteRow(tools: RowTools, { connection }: ContextView): Row {
  const isBusy = connection.kind === 'idle' || connection.kind === 'connecting';
  const text = isBusy
    ? say('tree.connecting')
    : connection.kind === 'failed'
      ? connection.text
      : tools.filter === ''
        ? say('tree.noServices')
        : say('tree.noMatch', { filter: tools.filter });
  const icon = isBusy ? 'loading~spin' : connection.kind === 'failed' ? 'warning' : 'info';
  return drawn(tools, {
    label: tools.render(text),
    facts: [],
    icon: { id: icon },
    flags: ['note'],
  });
}

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
  const rollout =
    address.kind === 'rollout'
      ? source.rollout(address.context, address.rolloutId)
      : rolloutAt(source, address);
  const namespace = rollout?.namespace ?? (address.kind === 'service' ? address.namespace : '');
  const place = [...where, line('namespace', namespace)];
  return rollout ? [...place, ...rolloutTip(rollout, line)] : place;
}

type TipKey =
  | 'context'
  | 'namespace'
  | 'route'
  | 'name'
  | 'version'
  | 'image'
  | 'owner'
  | 'problem'
  | 'workload'
  | 'scope'
  | 'connection';
type LineOf = (key: TipKey, value: Fact) => TooltipLine;

function contextTip(tools: RowTools, context: ContextView, line: LineOf): TooltipLine[] {
  const { connection, partial } = context;
  const reason = connection.kind === 'stale' ? [line('connection', connection.text)] : [];
  return [
    line('context', context.name),
    line('scope', context.scope.length === 0 ? scopeFact(context) : context.scope.join(', ')),
    ...(partial ? [line('scope', partial)] : []),
    ...connectionFact(tools, context).map((fact) => line('connection', fact)),
    ...reason,
  ];
}

function rolloutTip(rollout: Rollout, line: LineOf): TooltipLine[] {
  const images = rollout.tracks.flatMap((t) =>
    t.workload ? [line('image', t.workload.image)] : [],
  );
  return [
    line('route', refText(rollout.route)),
    line('version', shareFact(rollout.canaryShare)),
    ...images,
    ...(rollout.owner ? [line('owner', rollout.owner.effect)] : []),
    ...rollout.problems.slice(0, 5).map((problem) => line('problem', problem.text)),
  ];
}
