import { namespaces, services } from '../../model/kinds.ts';
import type { ObjectRef } from '../../model/objects.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { ContextView, Inventory } from '../../state/inventory.ts';
import type {
  Address,
  InventorySource,
  RolloutAddress,
  ServiceAddress,
  ViewName,
} from './model.ts';

import { partOf, partsOfRollout, rolloutAt } from './parts.ts';

/** The rows at the top of a view. */
export function rootsOf(view: ViewName, inventory: Inventory, filter: string): Address[] {
  const { contexts } = inventory;
  if (view === 'services') {
    return contexts.map(({ name }): Address => ({ kind: 'context', context: name }));
  }
  const current = contexts.filter((context) => context.current);
  const others = contexts.filter(
    (c) => !c.current && c.connection.kind !== 'idle' && c.rollouts.length > 0,
  );
  return [
    ...current.flatMap((context) => rolloutsOf(context, filter)),
    ...others.map(({ name }): Address => ({ kind: 'context', context: name })),
  ];
}

/** The rows below a row. */
export function childrenOf(
  view: ViewName,
  source: InventorySource,
  address: Address,
  filter: string,
): readonly Address[] {
  switch (address.kind) {
    case 'context': {
      const context = source.context(address.context);
      if (context === undefined) return [];
      if (view === 'rollouts') return rolloutsOf(context, filter);
      return [...problemsOf(context), ...namespacesOf(context, filter)];
    }
    case 'namespace':
      return servicesOf(source, address, filter);
    case 'service':
      return partsOfService(source, address);
    case 'rollout': {
      const rollout = source.rollout(address.context, address.rolloutId);
      return rollout ? partsOf(rollout, address) : [];
    }
    case 'part':
    case 'problem':
    case 'note':
      return [];
  }
}

function rolloutsOf(context: ContextView, filter: string): Address[] {
  return context.rollouts
    .filter((rollout) => fits(filter, rollout.service, rollout.namespace))
    .map((rollout): Address => ({ kind: 'rollout', context: context.name, rolloutId: rollout.id }));
}

/** What is wrong in a cluster and belongs to no rollout, so that nothing is missing without a word. */
function problemsOf({ name, problems }: ContextView): Address[] {
  return problems.map((_, index): Address => ({ kind: 'problem', context: name, index }));
}

/** Namespaces with what fits the filter; without any, one row that says why. */
function namespacesOf(context: ContextView, filter: string): Address[] {
  const shown = context.namespaces.filter(
    ({ name, services: all }) => filter === '' || all.some((s) => fits(filter, s.name, name)),
  );
  if (shown.length === 0) return [{ kind: 'note', context: context.name }];
  return shown.map(({ name }): Address => ({
    kind: 'namespace',
    context: context.name,
    namespace: name,
  }));
}

function servicesOf(
  source: InventorySource,
  { context, namespace }: Extract<Address, { kind: 'namespace' }>,
  filter: string,
): Address[] {
  const all = source.namespace(context, namespace)?.services ?? [];
  return all
    .filter((service) => fits(filter, service.name, namespace))
    .map(({ name }): Address => ({ kind: 'service', context, namespace, name }));
}

function partsOfService(source: InventorySource, address: ServiceAddress): Address[] {
  const rollout = rolloutAt(source, address);
  if (rollout !== undefined) return partsOf(rollout, address);
  const service = source.service(address.context, address.namespace, address.name);
  const workloads = service?.workloads ?? [];
  return workloads.map(({ ref }) => partAddress(address, `workload:${ref.name}`));
}

function partsOf(rollout: Rollout, parent: RolloutAddress | ServiceAddress): Address[] {
  return partsOfRollout(rollout).map((part) => partAddress(parent, part));
}

function partAddress(parent: RolloutAddress | ServiceAddress, part: string): Address {
  return { kind: 'part', context: parent.context, parent, part };
}

function fits(filter: string, ...texts: readonly string[]): boolean {
  const wanted = filter.toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

/** The rollout that a row is about; undefined for rows of none. */
export function rolloutIdOf(source: InventorySource, address: Address): string | undefined {
  switch (address.kind) {
    case 'rollout':
      return address.rolloutId;
    case 'service':
      return source.service(address.context, address.namespace, address.name)?.rolloutId;
    case 'part':
      return rolloutIdOf(source, address.parent);
    case 'context':
    case 'namespace':
    case 'problem':
    case 'note':
      return undefined;
  }
}

/** The cluster object that a row shows, for YAML and kubectl; undefined when there is none or it is gone. */
export function objectOf(source: InventorySource, address: Address): ObjectRef | undefined {
  switch (address.kind) {
    case 'namespace':
      return { resource: namespaces, namespace: '', name: address.namespace };
    case 'service':
      return { resource: services, namespace: address.namespace, name: address.name };
    case 'rollout':
      return source.rollout(address.context, address.rolloutId)?.route;
    case 'part':
      return objectOfPart(source, address);
    case 'problem':
      return source.context(address.context)?.problems[address.index]?.object;
    case 'context':
    case 'note':
      return undefined;
  }
}

function objectOfPart(
  source: InventorySource,
  address: Extract<Address, { kind: 'part' }>,
): ObjectRef | undefined {
  const part = partOf(source, address);
  switch (part?.kind) {
    case 'workload':
      return part.workload.ref;
    case 'track':
      return part.track.workload?.ref;
    case 'route':
      return part.rollout.route;
    case 'problem':
      return part.problem.object;
    case 'owner':
    case undefined:
      return undefined;
  }
}
