import { describe, expect, test } from 'vitest';
import { err, ok } from '../../base/result.ts';
import { CommandBench, sentence } from '../../../test/support/commandBench.ts';
import { aContext, anUpdate, deploymentRef } from '../../../test/support/inventory.ts';
import { runCommand } from './handlers.ts';

const row = { kind: 'rollout', context: 'kind-dev', rolloutId: anUpdate().id } as const;
const cart = deploymentRef('default', 'cart');
const cartRow = { kind: 'service', context: 'kind-dev', namespace: 'default', name: 'cart' };

function benchOf(
  rollout = anUpdate(),
  scene: Omit<ConstructorParameters<typeof CommandBench>[0] & object, 'contexts'> = {},
): CommandBench {
  return new CommandBench({ contexts: [aContext({ rollouts: [rollout] })], ...scene });
}

describe('Start Canary, in batches', () => {
  test('asks which way, for the image and the first batch in pods, a tenth of them first', async () => {
    const bench = benchOf(anUpdate(), {
      answers: ['Update in batches', 'registry/cart:2', '3 of 10 pods'],
    });
    await runCommand(bench.ctx, 'cablecar.startCanary', cartRow);
    expect(bench.sent).toEqual([
      { kind: 'startUpdate', workload: cart, image: 'registry/cart:2', size: { count: 3 } },
    ]);
    expect(bench.ui.asked[2]).toMatchObject({
      title: 'Update in Batches: cart',
      placeholder:
        'How many of the 10 pods first? maxSurge 3 lets 3 be added, maxUnavailable 10% lets 1 be missing.',
      choices: [
        { label: '1 of 10 pods', description: '10 % of the pods' },
        { label: '2 of 10 pods', description: '20 % of the pods' },
        { label: '3 of 10 pods', description: '30 % of the pods' },
        { label: '4 of 10 pods', description: '40 % of the pods' },
      ],
    });
  });

  test('offers the usual tenth first where it is not the smallest batch', async () => {
    const stops = [1, 2, 3, 4, 5].map((pods) => ({ pods, percent: pods }));
    const limits = { value: '5', pods: 5 };
    const first = { wanted: 30, stops, maxSurge: limits, maxUnavailable: { value: '0', pods: 0 } };
    const bench = benchOf(anUpdate(), {
      answers: ['Update in batches', 'registry/cart:2', undefined],
      workloads: { firstBatch: () => ok(first) },
    });
    await runCommand(bench.ctx, 'cablecar.startCanary', cartRow);
    expect(bench.sent).toEqual([]);
    const { choices } = bench.ui.asked[2] as { choices: readonly { label: string }[] };
    expect(choices.map(({ label }) => Number(label.split(' ')[0]))).toEqual([3, 1, 2, 4, 5]);
  });

  test('shows why a way cannot be gone, and says it when it is chosen', async () => {
    const bench = benchOf(anUpdate(), {
      answers: ['Update in batches'],
      workloads: { firstBatch: () => err(sentence) },
    });
    await runCommand(bench.ctx, 'cablecar.startCanary', cartRow);
    expect(bench.sent).toEqual([]);
    expect(bench.ui.shown).toEqual(['fail: no canary']);
    expect(bench.ui.asked[0]).toMatchObject({
      choices: [{ icon: 'copy' }, { icon: 'circle-slash', detail: 'no canary' }],
    });
  });

  test('without the right to create Deployments only batches are offered', async () => {
    const bench = benchOf(anUpdate(), {
      answers: ['Canary copy beside it'],
      workloads: {
        refusal: (_context, verb) => Promise.resolve(verb === 'create' ? sentence : undefined),
      },
    });
    await runCommand(bench.ctx, 'cablecar.startCanary', cartRow);
    expect(bench.sent).toEqual([]);
    expect(bench.ui.asked[0]).toMatchObject({
      choices: [{ icon: 'circle-slash' }, { icon: 'layers' }],
    });
  });
});

describe('an update in batches', () => {
  const paused = anUpdate({}, { paused: true });

  test.each([
    ['cablecar.pause', anUpdate(), { kind: 'pause' }],
    ['cablecar.resume', paused, { kind: 'resume' }],
    ['cablecar.finish', anUpdate(), { kind: 'promote' }],
  ] as const)('%s sends its intent', async (id, rollout, intent) => {
    const bench = benchOf(rollout);
    await runCommand(bench.ctx, id, row);
    expect(bench.sent).toEqual([intent]);
  });

  test('is widened to one of the batches that may be asked for, none of them narrower', async () => {
    const bench = benchOf(anUpdate(), { answers: ['5 of 10 pods'] });
    await runCommand(bench.ctx, 'cablecar.setBatch', undefined);
    expect(bench.sent).toEqual([{ kind: 'setBatch', size: { count: 5 } }]);
    expect(bench.ui.asked[0]).toMatchObject({
      title: 'Set Batch: shop v2',
      choices: [{ label: '4 of 10 pods' }, { label: '5 of 10 pods' }],
    });
  });

  test('gets both limits, as a number or a percentage', async () => {
    const bench = benchOf(anUpdate(), { answers: ['much', '50%', ' 0 '] });
    await runCommand(bench.ctx, 'cablecar.setSurge', row);
    expect(bench.ui.shown[0]).toBe(
      'fault: A whole number such as 2, or a percentage such as 25%, is needed.',
    );
    expect(bench.sent).toEqual([{ kind: 'setSurge', maxSurge: '50%', maxUnavailable: '0' }]);
  });

  const running = anUpdate({}, { state: 'running' });
  const returning = anUpdate({}, { state: 'returning' });
  test.each([
    ['cablecar.resume', anUpdate()],
    ['cablecar.pause', paused],
    ['cablecar.finish', running],
    ['cablecar.finish', returning],
    ['cablecar.pause', returning],
  ] as const)(
    '%s says that it is not possible now',
    async (id: Parameters<typeof runCommand>[1], rollout) => {
      const bench = benchOf(rollout);
      await runCommand(bench.ctx, id, row);
      expect(bench.sent).toEqual([]);
      expect(bench.ui.shown).toEqual([
        expect.stringMatching(/^fail: .* is not possible now: shop/),
      ]);
    },
  );

  test('asks nothing of somebody who may not write', async () => {
    const bench = benchOf(anUpdate(), {
      workloads: { refusal: () => Promise.resolve(sentence) },
    });
    await runCommand(bench.ctx, 'cablecar.setBatch', row);
    expect(bench.ui.asked).toEqual([]);
    expect(bench.ui.shown).toEqual(['fail: no canary']);
  });

  test('no rollout that is not updated in batches is asked about', async () => {
    const bench = new CommandBench();
    await runCommand(bench.ctx, 'cablecar.pause', undefined);
    expect(bench.ui.shown[0]).toMatch(/^inform: No Deployment in the connected contexts/);
  });
});

describe('Undo to Revision', () => {
  const revision = (n: number, isCurrent = false): object => ({
    revision: n,
    replicaSet: `cart-${String(n)}`,
    image: `registry/cart:${String(n)}`,
    createdAt: '1970-01-01T00:30:00Z',
    pods: isCurrent ? 10 : 0,
    isCurrent,
  });
  const workloads = {
    revisions: () => Promise.resolve(ok([revision(3, true), revision(2), revision(1)] as never)),
  };

  test('offers the earlier revisions of a service at rest, with image, age and pods', async () => {
    const bench = benchOf(anUpdate(), { workloads, answers: ['Revision 1'] });
    await runCommand(bench.ctx, 'cablecar.undoRevision', cartRow);
    expect(bench.ui.asked[0]).toMatchObject({
      choices: [
        {
          label: 'Revision 2',
          description: 'registry/cart:2',
          detail: '30 min ago · 0 pods now · cart-2',
        },
        { label: 'Revision 1' },
      ],
    });
    expect(bench.sent).toEqual([
      { kind: 'undoRevision', workload: cart, revision: 1, replicaSet: 'cart-1' },
    ]);
  });

  test('of an update means its Deployment', async () => {
    const bench = benchOf(anUpdate(), { workloads, answers: ['Revision 2'] });
    await runCommand(bench.ctx, 'cablecar.undoRevision', row);
    expect(bench.sent).toEqual([
      {
        kind: 'undoRevision',
        workload: deploymentRef('default', 'shop'),
        revision: 2,
        replicaSet: 'cart-2',
      },
    ]);
  });

  test('says so where no earlier one is kept', async () => {
    const none = { revisions: () => Promise.resolve(ok([revision(3, true)] as never)) };
    const bench = benchOf(anUpdate(), { workloads: none });
    await runCommand(bench.ctx, 'cablecar.undoRevision', cartRow);
    expect(bench.ui.shown[0]).toMatch(/^fail: cart keeps no earlier revision/);
  });
});
