import type { ObjectRef } from '../../model/objects.ts';
import type { Problem, Rollout, Track } from '../../model/rollout.ts';
import type { WorkloadView } from '../../state/inventory.ts';
import { drawn, type RowTools } from './draw.ts';
import { trackFacts } from './facts.ts';
import type { Address, Row } from './model.ts';
import { partOf } from './parts.ts';
import { say } from './tree.l10n.ts';

/** A line below a rollout or a service; undefined when what it shows is gone. */
export function partRow(
  tools: RowTools,
  address: Extract<Address, { kind: 'part' }>,
): Row | undefined {
  const part = partOf(tools.source, address);
  switch (part?.kind) {
    case 'workload':
      return workloadRow(tools, part.workload);
    case 'track':
      return trackRow(tools, part.rollout, part.track);
    case 'route':
      return routeRow(tools, part.rollout);
    case 'owner':
      return ownerRow(tools, part.rollout);
    case 'problem':
      return problemRow(tools, part.problem);
    case undefined:
      return undefined;
  }
}

function refLabel({ resource, name }: ObjectRef): string {
  return `${resource.kind} ${name}`;
}

function workloadRow(tools: RowTools, { ref, ready, replicas, version }: WorkloadView): Row {
  return drawn(tools, {
    label: refLabel(ref),
    facts: [...(version === undefined ? [] : [version]), say('tree.ready', { ready, replicas })],
    icon: { id: 'circle-filled', color: 'cablecar.stable' },
    flags: ['workload', 'object'],
  });
}

const trackIcons = {
  stable: { id: 'circle-filled', color: 'cablecar.stable' },
  canary: { id: 'circle-filled', color: 'cablecar.canary' },
  other: { id: 'circle-outline' },
} as const;

export function trackIcon(track: Track): Row['icon'] {
  return trackIcons[track.role];
}

function trackRow(tools: RowTools, rollout: Rollout, track: Track): Row {
  return drawn(tools, {
    label: track.role === 'other' ? track.name : tools.render(say(`tree.${track.role}`)),
    facts: trackFacts(rollout, track),
    icon: trackIcon(track),
    flags: ['track', ...(track.workload ? ['object'] : [])],
  });
}

function routeRow(tools: RowTools, { route, rules }: Rollout): Row {
  const [only, ...more] = rules;
  const isNamed = only !== undefined && !only.id.startsWith('#');
  const facts =
    more.length > 0
      ? [say('tree.rules', { n: rules.length })]
      : isNamed
        ? [say('tree.route', { name: only.id })]
        : [];
  return drawn(tools, {
    label: refLabel(route),
    facts,
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

export function problemRow(tools: RowTools, problem: Problem): Row {
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
    flags: ['problem', ...(problem.object ? ['object'] : [])],
  });
}
