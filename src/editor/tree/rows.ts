import { backendOf } from '../../backends/registry.ts';
import {
  canRollBack,
  isActive,
  type BatchUpdate,
  type Problem,
  type Rollout,
  type Track,
} from '../../model/rollout.ts';
import type { ContextView, NamespaceView, ServiceView } from '../../state/inventory.ts';
import type { Text } from '../../base/text.ts';
import { connectionFact, drawn, type RowTools } from './draw.ts';
import { rolloutFacts, scopeFact, splitFact, type Fact } from './facts.ts';
import type { Address, Row } from './model.ts';
import { updateOffers } from '../updateOffers.ts';
import { partRow, problemRow, trackIcon } from './partRows.ts';
import { rolloutAt } from './parts.ts';
import { say } from './tree.l10n.ts';

/** The row at an address as it is now; undefined when what it shows is gone. O(1) in the size of the cluster. */
export function rowOf(tools: RowTools, address: Address): Row | undefined {
  const { source } = tools;
  const { context } = address;
  switch (address.kind) {
    case 'context':
      return ifThere(source.context(context), (it) => contextRow(tools, it));
    case 'namespace':
      return ifThere(source.namespace(context, address.namespace), (it) =>
        namespaceRow(tools, context, it),
      );
    case 'service':
      return ifThere(source.service(context, address.namespace, address.name), (it) =>
        serviceRow(tools, context, it),
      );
    case 'rollout':
      return ifThere(source.rollout(context, address.rolloutId), (it) =>
        rolloutRow(tools, context, it),
      );
    case 'part':
      return partRow(tools, address);
    case 'problem':
      return ifThere(source.context(context)?.problems[address.index], (it) =>
        problemRow(tools, it),
      );
    case 'note':
      return ifThere(source.context(context), (it) => noteRow(tools, it));
  }
}

function ifThere<T>(item: T | undefined, draw: (item: T) => Row): Row | undefined {
  return item === undefined ? undefined : draw(item);
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

function namespaceRow(tools: RowTools, context: string, { name, services }: NamespaceView): Row {
  const isAlone = tools.source.context(context)?.namespaces.length === 1;
  const isOpen = tools.filter !== '' || isAlone || isWorthOpening(services);
  return drawn(tools, {
    label: name,
    facts: [
      services.length === 1 ? say('tree.service') : say('tree.services', { n: services.length }),
    ],
    spokenLabel: say('tree.spoken.namespace', { name }),
    icon: { id: 'symbol-namespace' },
    flags: ['namespace', 'object'],
    collapsible: isOpen ? 'expanded' : 'collapsed',
  });
}

const fewServices = 50;

/** A namespace that is open at first: it fits on a screen and holds a canary. Later the person decides. */
function isWorthOpening(services: readonly ServiceView[]): boolean {
  return (
    services.length <= fewServices && services.some((service) => service.rolloutId !== undefined)
  );
}

function rolloutRow(tools: RowTools, contextName: string, rollout: Rollout): Row {
  const context = tools.source.context(contextName);
  const isSpread = (context?.namespaces.length ?? 0) > 1;
  const run = tools.runs.of(contextName, rollout.id);
  const icon = run?.isDriven === false ? unwatched : iconOfState(rollout);
  return drawn(tools, {
    label: rollout.service,
    facts: [
      ...(run === undefined ? [] : [run.fact]),
      ...rolloutFacts(rollout),
      ...(isSpread ? [rollout.namespace] : []),
    ],
    spokenLabel: say('tree.spoken.rollout', { name: rollout.service }),
    icon: fresh(icon, context),
    flags: [...rolloutFlags(rollout, context), ...(run === undefined ? [] : ['run'])],
    collapsible: 'collapsed',
    opens: 'rollout',
  });
}

function serviceRow(tools: RowTools, contextName: string, service: ServiceView): Row {
  const context = tools.source.context(contextName);
  const { namespace, name } = service;
  const rollout = rolloutAt(tools.source, {
    kind: 'service',
    context: contextName,
    namespace,
    name,
  });
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
      icon: fresh({ id: 'symbol-interface' }, context),
      flags: ['service', 'object', ...(startable ? ['startable', 'revisions'] : [])],
      opens: 'metrics',
    });
  }
  const track =
    rollout.service === name ? undefined : rollout.tracks.find((t) => t.service === name);
  return drawn(tools, {
    ...common,
    facts: track === undefined ? splitFacts(rollout) : [trackOfFact(rollout, track)],
    icon: fresh(track === undefined ? iconOfState(rollout) : trackIcon(track), context),
    flags: rolloutFlags(rollout, context),
    opens: 'rollout',
  });
}

function splitFacts(rollout: Rollout): Fact[] {
  return [backendOf(rollout.backend)?.title ?? rollout.backend, splitFact(rollout)];
}

/** A Service that stands for one track only: "canary of checkout". */
function trackOfFact(rollout: Rollout, track: Track): Fact {
  const role = track.role === 'other' ? track.name : say(`tree.${track.role}`);
  return say('tree.trackOf', { track: role, service: rollout.service });
}

function isLive(context: ContextView | undefined): boolean {
  return context?.connection.kind === 'live';
}

/** The icon, greyed while the view is out of date. */
function fresh(icon: Row['icon'], context: ContextView | undefined): Row['icon'] {
  return isLive(context) ? icon : { ...icon, color: 'disabledForeground' };
}

/** A run that nobody drives: a canary that nobody watches. */
const unwatched = { id: 'warning', color: 'testing.iconFailed' };

function iconOfState(rollout: Rollout): { readonly id: string; readonly color: string } {
  const has = (severity: Problem['severity']): boolean =>
    rollout.problems.some((problem) => problem.severity === severity);
  if (has('error')) return { id: 'error', color: 'testing.iconFailed' };
  if (has('warning')) return { id: 'warning', color: 'list.warningForeground' };
  if (rollout.update !== undefined)
    return { id: iconOfUpdate(rollout.update), color: 'cablecar.canary' };
  if (isActive(rollout)) return { id: 'git-compare', color: 'cablecar.canary' };
  if (rollout.canaryShare === 1) return { id: 'arrow-circle-up', color: 'cablecar.canary' };
  return { id: 'circle-large-outline', color: 'cablecar.stable' };
}

function iconOfUpdate({ state, paused }: BatchUpdate): string {
  if (paused && state !== 'returning') return 'debug-pause';
  const icons = { held: 'layers', paused: 'debug-pause', running: 'sync', returning: 'discard' };
  return icons[state];
}

/** What the menus offer. Rolling back is offered in every state; the rest waits while the view is out of date. */
function rolloutFlags(rollout: Rollout, context: ContextView | undefined): string[] {
  const isOurs = rollout.owner?.kind !== 'controller' && isLive(context);
  return [
    'rollout',
    'object',
    ...(isActive(rollout) ? ['active'] : []),
    ...(canRollBack(rollout) ? ['rollback'] : []),
    ...(isOurs ? writeFlags(rollout) : []),
  ];
}

/** An update in batches has its own words for the weight and the promotion. */
function writeFlags(rollout: Rollout): string[] {
  const offers = updateOffers(rollout);
  if (offers !== undefined) {
    const flags = {
      pause: offers.pause,
      resume: offers.resume,
      batch: offers.setBatch,
      surge: offers.setSurge,
      finish: offers.finish,
      revisions: offers.undoRevision,
    };
    return Object.entries(flags).flatMap(([flag, isOffered]) => (isOffered ? [flag] : []));
  }
  const { weights, promotion, backend } = rollout;
  const can = backendOf(backend)?.capabilities;
  return [
    ...(weights.kind !== 'none' ? ['weights'] : []),
    ...(can?.setsMatches === true ? ['matches'] : []),
    ...(promotion.style !== 'none' ? ['promote'] : []),
    ...(can?.startsCanary === true ? ['endable'] : []),
  ];
}

/** Why there is nothing below a context. */
function noteRow(tools: RowTools, { connection }: ContextView): Row {
  switch (connection.kind) {
    case 'idle':
    case 'connecting':
      return note(tools, 'loading~spin', say('tree.connecting'));
    case 'failed':
      return note(tools, 'warning', connection.text);
    case 'live':
    case 'stale': {
      const { filter } = tools;
      const why = filter === '' ? say('tree.noServices') : say('tree.noMatch', { filter });
      return note(tools, 'info', why);
    }
  }
}

function note(tools: RowTools, icon: string, text: Text): Row {
  return drawn(tools, {
    label: tools.render(text),
    facts: [],
    icon: { id: icon },
    flags: ['note'],
  });
}
