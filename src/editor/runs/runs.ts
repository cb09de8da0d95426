import { disposeAll, Emitter, type Disposable } from '../../base/emitter.ts';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { Rollout } from '../../model/rollout.ts';
import { RunDriver } from '../../operations/run/drive.ts';
import { readLease } from '../../operations/run/lease.ts';
import type { Note, RunPorts } from '../../operations/run/ports.ts';
import { runsIn, sendCommand } from '../../operations/run/store.ts';
import { leaseTimes, sight, type LeaseSight } from '../../release/lease.ts';
import { runIdOf } from '../../release/runId.ts';
import type { ReleasePlan } from '../../release/plan.ts';
import type { RecordLine } from '../../release/record.ts';
import type { Command, RunState } from '../../release/run.ts';
import type { Session } from '../clusterPorts.ts';
import { say } from './runs.l10n.ts';

/** A run as it is known here, whoever drives it. */
export interface KnownRun {
  readonly context: string;
  readonly state: RunState;
  /** Oldest first. */
  readonly lines: readonly RecordLine[];
  /** This window drives it. */
  readonly isOurs: boolean;
  /** Whether its driver showed a sign of life within the time of the Lease. Always true of one that ended. */
  readonly isDriven: boolean;
}

export interface RunsHost {
  /** What a driver in this window works with; pinned to the session. */
  readonly ports: (context: string, session: Session, notify: (note: Note) => void) => RunPorts;
  readonly who: (context: string) => string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Tells people what a run has to say. */
  readonly notify: (run: KnownRun, note: Note) => void;
  /** A run of the editor that nobody drives any more was found: asks what to do with it. Once for each. */
  readonly askOrphan: (run: KnownRun) => void;
  readonly logError: (message: string, error: unknown) => void;
}

/** Where runs are looked for. */
export interface RunsSource {
  session(context: string): Session | undefined;
  watch(context: string): Disposable;
  context(name: string): { readonly rollouts: readonly Rollout[] } | undefined;
  readonly onDidOpen: (
    listener: (opened: { readonly context: string; readonly session: Session }) => void,
  ) => Disposable;
}

/** Runs of others are looked at this often. */
const LOOK_MS = 10_000;

interface Seen {
  readonly state: RunState;
  readonly lines: readonly RecordLine[];
  readonly lease: LeaseSight | undefined;
}

/** All runs of the connected clusters, those of this window and those of others, and what may be done with them. */
export class Runs implements Disposable {
  readonly #source: RunsSource;
  readonly #host: RunsHost;
  readonly #seen = new Map<string, Map<string, Seen>>();
  readonly #own = new Map<string, RunDriver>();
  readonly #asked = new Set<string>();
  readonly #changed = new Emitter<undefined>();
  readonly #closing = new AbortController();
  readonly #parts: Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor(source: RunsSource, host: RunsHost) {
    this.#source = source;
    this.#host = host;
    this.#parts = [
      source.onDidOpen(({ context, session }) => {
        this.#follow(context, session);
      }),
    ];
  }

  /** Newest last; ended ones too, as long as their record is there. */
  all(): readonly KnownRun[] {
    return [...this.#seen].flatMap(([context, runs]) =>
      [...runs.values()].map((run) => this.#known(context, run)),
    );
  }

  /** The run of a rollout that is under way, else the one that ended last. */
  of(context: string, rolloutId: string): KnownRun | undefined {
    const runs = this.all().filter(
      (run) => run.context === context && run.state.target.rolloutId === rolloutId,
    );
    return runs.find(({ state }) => state.phase.kind !== 'ended') ?? runs.toSorted(byStart).at(-1);
  }

  async begin(
    context: string,
    plan: ReleasePlan,
    rollout: Rollout,
  ): Promise<Result<undefined, Text>> {
    const session = this.#source.session(context);
    if (session === undefined) return err(say('runs.notConnected', { context }));
    const id = runIdOf(plan.name, this.#host.newId().slice(-8).toLowerCase());
    const ports = this.#host.ports(context, session, this.#notifier(context, id));
    const opened = await RunDriver.begin(
      ports,
      this.#driver(context),
      { id, plan, rollout, context },
      this.#closing.signal,
    );
    if (!opened.ok) return opened;
    this.#drive(context, opened.value);
    return ok(undefined);
  }

  /** This window goes on with a run that nobody drives. */
  async takeUp({ context, state }: KnownRun): Promise<Result<undefined, Text>> {
    const session = this.#source.session(context);
    if (session === undefined) return err(say('runs.notConnected', { context }));
    const { id, target } = state;
    const ports = this.#host.ports(context, session, this.#notifier(context, id));
    const run = { id, namespace: target.namespace };
    const opened = await RunDriver.takeUp(ports, this.#driver(context), run, this.#closing.signal);
    if (!opened.ok) return err(opened.error.text);
    this.#drive(context, opened.value);
    return ok(undefined);
  }

  /** To the driver in this window, or left in the record for the one elsewhere. Taken up first where nobody drives. */
  async command(run: KnownRun, command: Command): Promise<Result<undefined, Text>> {
    const { context, state } = run;
    const who = this.#host.who(context);
    if (!run.isDriven) {
      const taken = await this.takeUp(run);
      if (!taken.ok) return taken;
    }
    const own = this.#own.get(state.id);
    if (own !== undefined) {
      own.command(command, who);
      return ok(undefined);
    }
    const session = this.#source.session(context);
    if (session === undefined) return err(say('runs.notConnected', { context }));
    const { namespace } = state.target;
    const wish = { id: this.#host.newId(), command, who };
    const sent = await sendCommand(
      session,
      { namespace, id: state.id },
      wish,
      this.#closing.signal,
    );
    return sent.ok ? ok(undefined) : err(sent.error.text);
  }

  /** Gives the Leases back; the runs stay where they are for the next driver. */
  dispose(): void {
    this.#closing.abort(new Error('The window closes.'));
    disposeAll(this.#parts);
    this.#changed.dispose();
  }

  #known(context: string, { state, lines, lease }: Seen): KnownRun {
    const own = this.#own.get(state.id);
    const nowMs = this.#host.clock.monotonicMs();
    const isAlive =
      lease !== undefined &&
      lease.view.holder !== '' &&
      nowMs - lease.sinceMs <= leaseTimes.durationSeconds * 1000;
    return {
      context,
      state: own?.state ?? state,
      lines: own?.lines ?? lines,
      isOurs: own !== undefined,
      isDriven: own !== undefined || isAlive || state.phase.kind === 'ended',
    };
  }

  #driver(context: string): { readonly id: string; readonly name: string } {
    const name = this.#host.who(context);
    return { id: `editor-${this.#host.newId()}`, name };
  }

  #notifier(context: string, id: string): (note: Note) => void {
    return (note) => {
      const run = this.#seen.get(context)?.get(id);
      if (run !== undefined) this.#host.notify(this.#known(context, run), note);
    };
  }

  #drive(context: string, driver: RunDriver): void {
    const { id } = driver.state;
    this.#own.set(id, driver);
    const note = (): void => {
      this.#note(context, { state: driver.state, lines: driver.lines, lease: undefined });
    };
    note();
    const listener = driver.onDidChange(note);
    // The cluster is watched as long as its run is driven, whether or not a view is open.
    const watching = this.#source.watch(context);
    driver
      .drive(this.#closing.signal)
      .catch((error: unknown) => {
        this.#host.logError(`The run ${id} stopped`, error);
      })
      .finally(() => {
        listener.dispose();
        note();
        this.#own.delete(id);
        watching.dispose();
        this.#changed.fire(undefined);
      });
  }

  #note(context: string, run: Seen): void {
    const runs = this.#seen.get(context) ?? new Map<string, Seen>();
    this.#seen.set(context, runs);
    runs.set(run.state.id, run);
    this.#changed.fire(undefined);
  }

  #follow(context: string, session: Session): void {
    const { clock } = this.#host;
    const look = (): void => {
      if (this.#closing.signal.aborted || this.#source.session(context) !== session) return;
      const done = session.connection.kind === 'live' ? this.#look(context, session) : undefined;
      Promise.resolve(done)
        .catch((error: unknown) => {
          if (!this.#closing.signal.aborted) this.#host.logError('Looking for runs failed', error);
        })
        .finally(() => {
          const isKnown = this.#seen.has(context);
          clock.after(isKnown ? LOOK_MS : 1_000, look);
        });
    };
    look();
  }

  async #look(context: string, session: Session): Promise<void> {
    const { signal } = this.#closing;
    const before = this.#seen.get(context);
    const stored = await runsIn(session, this.#namespaces(context, session), signal);
    // What cannot be seen now is not gone.
    if (stored === undefined) return;
    const runs = new Map<string, Seen>();
    for (const { state, lines } of stored) {
      if (this.#own.has(state.id)) continue;
      const { namespace, routeUid } = state.target;
      const isOver = state.phase.kind === 'ended';
      const view = isOver ? undefined : await readLease(session, { namespace, routeUid }, signal);
      const last = before?.get(state.id)?.lease;
      const lease = view && sight(view, this.#host.clock.monotonicMs(), last);
      runs.set(state.id, { state, lines, lease });
    }
    for (const [id, driver] of this.#own)
      runs.set(id, { state: driver.state, lines: driver.lines, lease: undefined });
    this.#seen.set(context, runs);
    this.#changed.fire(undefined);
    this.#askForOrphans(context, runs);
  }

  /** Where all namespaces may be listed, all; else those that are shown. */
  #namespaces(context: string, session: Session): readonly string[] {
    if (session.scope.length > 0) return session.scope;
    if (session.partial === undefined) return [];
    const rollouts = this.#source.context(context)?.rollouts ?? [];
    return [...new Set(rollouts.map(({ namespace }) => namespace))];
  }

  #askForOrphans(context: string, runs: ReadonlyMap<string, Seen>): void {
    for (const run of runs.values()) {
      const known = this.#known(context, run);
      const isOrphan = !known.isDriven && run.state.plan.runBy === 'editor';
      // The first sight of a Lease does not tell whether its holder lives.
      const isSure = run.lease === undefined || run.lease.view.holder === '' || !known.isDriven;
      if (!isOrphan || !isSure || this.#asked.has(run.state.id)) continue;
      this.#asked.add(run.state.id);
      this.#host.askOrphan(known);
    }
  }
}

function byStart(a: KnownRun, b: KnownRun): number {
  return (a.lines[0]?.at ?? '') < (b.lines[0]?.at ?? '') ? -1 : 1;
}
