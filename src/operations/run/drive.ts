import { Emitter, type Disposable, type Event } from '../../base/emitter.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import { refText } from '../../model/objects.ts';
import { trackOf, type Rollout } from '../../model/rollout.ts';
import { advance, beginRun } from '../../release/machine.ts';
import type { ReleasePlan } from '../../release/plan.ts';
import type { RecordLine } from '../../release/record.ts';
import type { Command, Effect, Move, RunEvent, RunState, Wish } from '../../release/run.ts';
import type { OperationError, Tools } from '../execute.ts';
import { say } from '../operations.l10n.ts';
import { cachedRollout, perform, readFresh, type Actor, type PerformRequest } from '../perform.ts';
import type { JournalPort } from '../ports.ts';
import { writesHeldBy, type LeaseKeeper } from './lease.ts';
import { acquired, ownerOf } from './opening.ts';
import type { Driver, RunPorts } from './ports.ts';
import { preflight } from './preflight.ts';
import { positionOf, routeUidOf, versionOf } from './seen.ts';
import { RunSight } from './sight.ts';
import { RunStore, type StoreFailure } from './store.ts';
import { intentsOf, probeOf } from './wishes.ts';

/** Longest time between two glances at the cluster and at the wishes of others. Looks at the metrics are as far apart as the plan says. */
const PULSE_MS = 5_000;

/** Why a driver stopped driving. */
export type DriveEnd =
  | { readonly kind: 'ended'; readonly state: RunState }
  /** Somebody else drives by now, or it could not be proved that nobody does: nothing more was written. */
  | { readonly kind: 'lost' }
  /** Asked to stop, by the signal; the run stays where it is for the next driver. */
  | { readonly kind: 'stopped' };

/** A run that is to begin: what it is bound to was read just now. */
export interface Beginning {
  readonly id: string;
  readonly plan: ReleasePlan;
  readonly rollout: Rollout;
  readonly context: string;
}

/**
 * Drives one run: the Lease, the saved state, the ticks and the writes, around the engine of src/release. One at a time per rollout; each
 * write is fenced by the Lease, by the count of the saved state, and by where the run left the split.
 *
 *   const opened = await RunDriver.begin(ports, driver, beginning, signal);   // or RunDriver.takeUp(…)
 *   if (opened.ok) await opened.value.drive(signal);
 */
export class RunDriver implements Disposable {
  readonly #ports: RunPorts;
  readonly #driver: Driver;
  readonly #store: RunStore;
  readonly #lease: LeaseKeeper;
  readonly #changed = new Emitter<RunState>();
  readonly #commands: { readonly command: Command; readonly who: string }[] = [];
  readonly #listener: Disposable;
  #state: RunState;
  #pending: RecordLine[] = [];
  #effects: readonly Effect[];
  #doneCommand: string | undefined;
  readonly #sight: RunSight;
  #wake: () => void = () => undefined;

  /** The state after each event. */
  readonly onDidChange: Event<RunState> = this.#changed.event;

  private constructor(
    ports: RunPorts,
    driver: Driver,
    parts: { readonly store: RunStore; readonly lease: LeaseKeeper; readonly first: Move },
  ) {
    this.#ports = ports;
    this.#driver = driver;
    this.#sight = new RunSight(ports, () => {
      this.#wake();
    });
    this.#store = parts.store;
    this.#lease = parts.lease;
    this.#state = parts.first.state;
    this.#effects = parts.first.effects;
    this.#note(parts.first);
    this.#listener = ports.onDidChange(() => {
      this.#wake();
    });
  }

  /** Takes the Lease and saves the run; nothing of the split is written yet. */
  static async begin(
    ports: RunPorts,
    driver: Driver,
    beginning: Beginning,
    signal: AbortSignal,
  ): Promise<Result<RunDriver, Text>> {
    const { rollout, plan } = beginning;
    const uid = routeUidOf(ports.cluster.snapshot(), rollout);
    const owner = await ownerOf(ports, rollout, signal);
    const { namespace } = rollout;
    const lease = await acquired(ports, driver, { namespace, uid, owner }, signal);
    if (!lease.ok) return lease;
    const target = {
      context: beginning.context,
      namespace: rollout.namespace,
      rolloutId: rollout.id,
      routeUid: uid,
      stable: trackOf(rollout, 'stable')?.id ?? '',
      canary: trackOf(rollout, 'canary')?.id ?? '',
      version: versionOf(rollout),
      stableReady: trackOf(rollout, 'stable')?.workload?.ready ?? 0,
      restarts: (await ports.restarts(rollout, signal)) ?? 0,
    };
    const first = beginRun(plan, { id: beginning.id, target, position: positionOf(rollout) });
    const store = new RunStore(ports.cluster, rollout.namespace, beginning.id);
    const made = await store.create(first.state, owner, signal);
    if (made.ok) return ok(new RunDriver(ports, driver, { store, lease: lease.value, first }));
    await lease.value.release(signal).catch(() => undefined);
    lease.value.dispose();
    return err(made.error.text);
  }

  /** Goes on with a saved run; `none` where there is none of that name. Busy while its driver lives. */
  static async takeUp(
    ports: RunPorts,
    driver: Driver,
    run: { readonly id: string; readonly namespace: string },
    signal: AbortSignal,
  ): Promise<Result<RunDriver, StoreFailure>> {
    const store = new RunStore(ports.cluster, run.namespace, run.id);
    const known = await store.load(signal);
    if (!known.ok) return known;
    const { routeUid: uid, rolloutId } = known.value.state.target;
    const rollout = cachedRollout(ports.cluster, rolloutId);
    const owner = rollout && (await ownerOf(ports, rollout, signal));
    const lease = await acquired(ports, driver, { ...run, uid, owner }, signal);
    if (!lease.ok) return err({ kind: 'failed', text: lease.error });
    // Only now is it sure that nobody else saves.
    const latest = await store.load(signal);
    if (!latest.ok) {
      lease.value.dispose();
      return latest;
    }
    const first = advance(latest.value.state, { kind: 'takenUp', who: driver.name });
    return ok(new RunDriver(ports, driver, { store, lease: lease.value, first }));
  }

  get state(): RunState {
    return this.#state;
  }

  /** The record, oldest first, with what is yet to be saved. */
  get lines(): readonly RecordLine[] {
    return [...this.#store.lines, ...this.#pending];
  }

  /** A person's wish, from this process. */
  command(command: Command, who: string): void {
    this.#commands.push({ command, who });
    this.#wake();
  }

  /** Until the run ends, the Lease is lost, or the signal says stop. */
  async drive(signal: AbortSignal): Promise<DriveEnd> {
    try {
      await this.#do(this.#effects, signal);
      while (!this.#isEnded()) {
        signal.throwIfAborted();
        if (!this.#lease.isHeld) return { kind: 'lost' };
        await this.#beat(signal);
        if (!this.#isEnded()) await this.#rest(signal);
      }
      await this.#lease.release(signal).catch(() => undefined);
      return { kind: 'ended', state: this.#state };
    } catch (error) {
      if (error instanceof LostError) return { kind: 'lost' };
      if (!signal.aborted) throw error;
      // The next driver need not wait for the end of our time.
      await this.#lease.release(AbortSignal.timeout(2_000)).catch(() => undefined);
      return { kind: 'stopped' };
    } finally {
      this.dispose();
    }
  }

  dispose(): void {
    this.#lease.dispose();
    this.#listener.dispose();
    this.#changed.dispose();
  }

  #isEnded(): boolean {
    return this.#state.phase.kind === 'ended';
  }

  /** One round: wishes of people first, then what is seen. */
  async #beat(signal: AbortSignal): Promise<void> {
    const stored = await this.#store.command(this.#doneCommand, signal);
    if (stored !== undefined) {
      this.#doneCommand = stored.id;
      this.#commands.push(stored);
    }
    for (const { command, who } of this.#commands.splice(0)) {
      await this.#on({ kind: 'command', command, who }, signal);
      if (this.#isEnded()) return;
    }
    const seen = await this.#sight.see(this.#state, signal);
    await this.#on({ kind: 'tick', nowMs: this.#ports.clock.monotonicMs(), seen }, signal);
  }

  async #rest(signal: AbortSignal): Promise<void> {
    if (this.#commands.length > 0) return;
    const { intervalSeconds } = this.#state.plan;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        timer.dispose();
        signal.removeEventListener('abort', done);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = this.#ports.clock.after(Math.min(PULSE_MS, intervalSeconds * 1000), done);
      signal.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
  }

  async #on(event: RunEvent, signal: AbortSignal): Promise<void> {
    const move = advance(this.#state, event);
    this.#state = move.state;
    this.#note(move);
    this.#changed.fire(this.#state);
    await this.#do(move.effects, signal);
  }

  #note({ lines }: Move): void {
    const at = new Date(this.#ports.clock.nowMs()).toISOString();
    this.#pending.push(...lines.map((line) => ({ ...line, at, driver: this.#driver.name })));
  }

  async #do(effects: readonly Effect[], signal: AbortSignal): Promise<void> {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'notify':
          this.#ports.notify(effect);
          break;
        case 'save':
          // What is not saved is not written: the next tick asks for both again.
          if (!(await this.#save(signal))) return;
          break;
        case 'check':
          await this.#on({ kind: 'checked', problems: await this.#check(signal) }, signal);
          break;
        case 'write':
          await this.#on(await this.#write(effect.wish, signal), signal);
          break;
        case 'end':
          break;
      }
    }
  }

  async #save(signal: AbortSignal): Promise<boolean> {
    const lines = this.#pending;
    const saved = await this.#store.save(this.#state, lines, signal);
    if (saved.ok) this.#pending = this.#pending.slice(lines.length);
    if (!saved.ok && saved.error.kind === 'lost') throw new LostError();
    return saved.ok;
  }

  async #check(signal: AbortSignal): Promise<readonly Text[]> {
    const { plan, target } = this.#state;
    const rollout = cachedRollout(this.#ports.cluster, target.rolloutId);
    if (rollout === undefined)
      return [say('operations.run.noCanary', { service: plan.scope.service })];
    return preflight(this.#ports, { plan, rollout, actor: this.#actor() }, signal);
  }

  async #write(wish: Wish, signal: AbortSignal): Promise<RunEvent> {
    if (!this.#lease.isHeld) throw new LostError();
    const { cluster } = this.#ports;
    const { position, target, plan } = this.#state;
    const rollout = cachedRollout(cluster, target.rolloutId) ?? this.#sight.lastRollout;
    const intents = rollout && intentsOf(rollout, wish);
    if (rollout === undefined || intents === undefined) {
      const text = say('operations.run.noCanary', { service: plan.scope.service });
      return { kind: 'notWritten', why: 'failed', text };
    }
    // A person's rollback, or one for danger, is done wherever the split is; and nothing is read after it.
    const isBack = wish.kind === 'rollback';
    let at = position;
    for (const intent of intents) {
      const request = { intent, actor: this.#actor(), ...(!isBack && fencedAt(at)) };
      const done = await perform(this.#tools(), rollout, request, signal);
      if (!done.ok) return notWritten(done.error);
      if (!isBack) at = (await this.#positionAfter(rollout, signal)) ?? at;
    }
    return { kind: 'written', position: at };
  }

  async #positionAfter(rollout: Rollout, signal: AbortSignal): Promise<string | undefined> {
    const fresh = await readFresh(this.#ports.cluster, rollout, probeOf(rollout), signal);
    return fresh.ok && fresh.value.rollout ? positionOf(fresh.value.rollout) : undefined;
  }

  #tools(): Tools {
    const { cluster, clock, newId } = this.#ports;
    const journal: JournalPort = {
      begin: (entry) => {
        const changes = entry.changes.changes.flatMap(({ target, fields }) =>
          fields.map((field) => ({ ...field, object: refText(target) })),
        );
        const at = new Date(entry.atMs).toISOString();
        const runMs = Math.round(this.#state.runMs);
        const { name: driver } = this.#driver;
        this.#pending.push({ at, runMs, driver, text: entry.sentence, changes });
        return Promise.resolve();
      },
      finish: () => Promise.resolve(),
    };
    // The plan is the consent; the Lease may have gone while the server tried the write.
    const consent = (): Promise<boolean> => Promise.resolve(this.#lease.isHeld);
    const held = writesHeldBy(this.#lease, cluster);
    return { cluster: held, clock, newId, journal, consent };
  }

  #actor(): Actor {
    return { who: this.#driver.name, context: this.#state.target.context };
  }
}

class LostError extends Error {}

/** Lets a write pass where the split is as the run left it, or already as it should be. A person who says to go on needs no fence. */
function fencedAt(position: string): Pick<PerformRequest, 'fence'> {
  if (position === '') return {};
  return {
    fence: (fresh, { changes }) =>
      changes.length === 0 || positionOf(fresh) === position
        ? undefined
        : say('operations.run.moved', { object: refText(fresh.route) }),
  };
}

function notWritten({ kind, text }: OperationError): RunEvent {
  if (kind === 'cancelled') throw new LostError();
  if (kind === 'fenced') return { kind: 'notWritten', why: 'foreign', text };
  return { kind: 'notWritten', why: kind === 'refused' ? 'refused' : 'failed', text };
}
