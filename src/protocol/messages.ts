/**
 * Everything that passes between the extension host and the rollout panel. Both sides parse what they receive. The webview sends
 * intents, never objects, paths or patches, and a message is not consent: the host recomputes and asks in its own modal. The host sends
 * complete snapshots, never deltas, for a hidden webview loses messages.
 */
import * as v from 'valibot';

/** Raised when a message changes its meaning; a restored panel of another version is reloaded. */
export const protocolVersion = 1;

/** Largest message from a webview that is parsed, in characters of JSON. */
export const maxMessageLength = 10_000;

const percent = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100));
const id = v.pipe(v.string(), v.maxLength(512));

/** What the person is about to send: whole percents by track id, for one rule or (without `rule`) for all that carry the pair. */
const draft = v.object({
  percents: v.record(id, percent),
  rule: v.optional(id),
});

export const rangeMinutes = [15, 60, 360] as const;

/**
 * What the webview keeps by `setState`: view state only, nothing of the cluster. VS Code hands it to the host's panel serializer after
 * a reload, which parses it and reads `panelKey` alone.
 */
export const viewState = v.object({
  version: v.literal(1),
  /** The snapshot's, unchanged; '' before the first snapshot. */
  panelKey: v.string(),
  minutes: v.picklist(rangeMinutes),
  asTable: v.boolean(),
  draft: v.optional(
    v.object({
      percents: v.record(id, percent),
      /** Live percents, with decimals, when the draft began. */
      basis: v.record(id, v.number()),
      locked: v.array(id),
    }),
  ),
});
export type ViewState = v.InferOutput<typeof viewState>;

/** A condition on a request, as the model has it; values of a list are separated by commas. */
const condition = v.object({
  on: v.picklist(['header', 'cookie', 'user', 'device', 'source']),
  op: v.picklist(['exact', 'oneOf', 'prefix', 'regex', 'present']),
  name: id,
  value: v.pipe(v.string(), v.maxLength(8000)),
});
export type ConditionView = v.InferOutput<typeof condition>;

/** What the person wants of the rules for some of the requests. The host finds out what it comes to. */
const ruleEdit = v.object({
  /** Id and key of the rule that is meant, as the snapshot has them; absent for a new one. */
  rule: v.optional(v.object({ id, key: id })),
  /** Absent: the rule goes away. */
  to: v.optional(
    v.object({
      /** All of them must hold. Absent: the conditions stay as they are. */
      match: v.optional(v.pipe(v.array(condition), v.maxLength(16))),
      percent,
    }),
  ),
});
export type RuleEdit = v.InferOutput<typeof ruleEdit>;

/** What a person may ask of a run of a release plan. */
export const runCommands = [
  'pause',
  'resume',
  'skip',
  'approve',
  'promote',
  'abort',
  'leave',
] as const;

/** A count or a percentage, as people write it; the host says what is wrong with it. */
const limit = v.pipe(v.string(), v.maxLength(12));

export const toHost = v.variant('type', [
  v.object({ type: v.literal('ready'), version: v.number() }),
  /** The draft changed: the host answers with `preview`, computed from the objects it has. `request` is echoed. */
  v.object({ type: v.literal('draft'), request: v.number(), draft }),
  /** Open the exact change in the diff editor, from a server dry run. */
  v.object({ type: v.literal('openDiff'), draft }),
  v.object({ type: v.literal('send'), draft }),
  /** The draft of a rule changed: the host answers with `rulePreview`. */
  v.object({ type: v.literal('ruleDraft'), request: v.number(), edit: ruleEdit }),
  v.object({ type: v.literal('openRuleDiff'), edit: ruleEdit }),
  v.object({ type: v.literal('setRule'), edit: ruleEdit }),
  v.object({ type: v.literal('promote') }),
  v.object({ type: v.literal('rollback') }),
  v.object({ type: v.literal('undo'), entry: id }),
  v.object({ type: v.literal('startCanary') }),
  v.object({ type: v.literal('pause') }),
  v.object({ type: v.literal('resume') }),
  /** The host lists the revisions and asks which. */
  v.object({ type: v.literal('undoRevision') }),
  v.object({ type: v.literal('setSurge'), maxSurge: limit, maxUnavailable: limit }),
  v.object({ type: v.literal('endCanary') }),
  v.object({ type: v.literal('setRange'), minutes: v.picklist(rangeMinutes) }),
  v.object({ type: v.literal('setPrometheus') }),
  v.object({
    type: v.literal('openInPrometheus'),
    chart: v.picklist(['success', 'latency', 'requests', 'share']),
  }),
  v.object({ type: v.literal('openInGrafana') }),
  v.object({ type: v.literal('openRoute') }),
  v.object({ type: v.literal('copyHistory') }),
  v.object({ type: v.literal('showLog') }),
  /** A wish to the run that the snapshot shows. */
  v.object({ type: v.literal('run'), id, command: v.picklist(runCommands) }),
]);
export type ToHost = v.InferOutput<typeof toHost>;
export type Draft = v.InferOutput<typeof draft>;

/** An action as it is offered now: disabled with one sentence why (a missing verb, a controller, a stale view). */
const offer = v.object({
  shown: v.boolean(),
  enabled: v.boolean(),
  /** Why it is disabled, or what it will do: the tooltip. */
  reason: v.string(),
});
export type Offer = v.InferOutput<typeof offer>;

const role = v.picklist(['stable', 'canary', 'other']);

const track = v.object({
  id: v.string(),
  role,
  name: v.string(),
  /** '' when unknown. */
  version: v.string(),
  /** "2 of 2 ready", rendered; '' without a workload. */
  ready: v.string(),
  /** Share in the rule shown by the slider, 0–1, and as people read it ("0.5"). */
  share: v.number(),
  percentText: v.string(),
});
export type TrackView = v.InferOutput<typeof track>;

const weightRange = v.variant('kind', [
  v.object({ kind: v.literal('any') }),
  v.object({
    kind: v.literal('stops'),
    stops: v.array(v.object({ percent: v.number(), pods: v.number() })),
  }),
  v.object({ kind: v.literal('none'), reason: v.string() }),
]);

const rule = v.object({
  id: v.string(),
  /** The rule as one sentence: "Header x-canary: always → canary". Parts to set in code type are between backquotes. */
  sentence: v.string(),
  /** Why it cannot be written at all; '' otherwise. */
  readOnly: v.string(),
  /** Share by track id in this rule, 0–1. */
  shares: v.record(v.string(), v.number()),
  /** Tells whether the rule with this id still asks for the same. */
  key: v.string(),
  /** Its conditions where they can be changed here; absent where only its share can. */
  match: v.optional(v.array(condition)),
  /** Whole percent of the canary in it. */
  percent: v.number(),
  /** Change it; take it away. Not shown on rules for everybody. */
  edit: offer,
  remove: offer,
});
export type RuleView = v.InferOutput<typeof rule>;

const podLimit = v.object({
  /** "1" or "25%". */
  value: v.string(),
  /** What it comes to with the pods that are wanted now. */
  pods: v.number(),
});

/** Where an update of one workload in batches is, and what may be done about it besides its split. */
const update = v.object({
  sentence: v.string(),
  maxSurge: podLimit,
  maxUnavailable: podLimit,
  pause: offer,
  resume: offer,
  setSurge: offer,
  undoRevision: offer,
});
export type UpdateView = v.InferOutput<typeof update>;

/** A run of a release plan on this rollout: where it is, what it rests on, what may be done. All texts are rendered. */
const run = v.object({
  id: v.string(),
  plan: v.string(),
  phase: v.string(),
  /** What it is doing. */
  sentence: v.string(),
  /** Why it waits, or how it ended; '' otherwise. */
  why: v.string(),
  tone: v.picklist(['runs', 'waits', 'good', 'bad']),
  steps: v.array(v.object({ label: v.string(), state: v.picklist(['done', 'now', 'next']) })),
  /** What the plan says to a person at this gate. */
  guide: v.array(v.string()),
  /** The last look: one line for each metric. `more`: the reason of its verdict. */
  metrics: v.array(
    v.object({
      verdict: v.picklist(['pass', 'fail', 'inconclusive', 'error']),
      sentence: v.string(),
      more: v.string(),
    }),
  ),
  notes: v.array(v.string()),
  driver: v.string(),
  isDriven: v.boolean(),
  /** The most likely first. */
  commands: v.array(v.picklist(runCommands)),
  /** Newest first. */
  lines: v.array(v.object({ atMs: v.number(), text: v.string(), who: v.string() })),
});
export type RunView = v.InferOutput<typeof run>;

const historyRow = v.object({
  id: v.string(),
  atMs: v.number(),
  who: v.string(),
  sentence: v.string(),
  /** 'written', 'notWritten', 'unknown', 'pending'. */
  outcome: v.picklist(['written', 'notWritten', 'unknown', 'pending']),
  canUndo: v.boolean(),
});
export type HistoryRow = v.InferOutput<typeof historyRow>;

export const snapshot = v.object({
  version: v.number(),
  /** Grows by one with each snapshot of this panel; a heartbeat repeats it. */
  sequence: v.number(),
  /** Which rollout this is, in the host's own words; the webview only keeps it (`viewState`), so that a reload finds it again. */
  panelKey: v.string(),
  locale: v.picklist(['en', 'zh-cn']),
  title: v.object({
    service: v.string(),
    namespace: v.string(),
    context: v.string(),
    /** "Istio · VirtualService `shop`, route `primary`". '' for a service without a canary. */
    route: v.string(),
    /** "owned by Flagger"; '' when nobody else decides. */
    owner: v.string(),
  }),
  /** A protected context has a red frame and says so. */
  protected: v.boolean(),
  freshness: v.variant('kind', [
    v.object({ kind: v.literal('live') }),
    v.object({ kind: v.literal('stale'), sinceMs: v.number(), reason: v.string() }),
    v.object({ kind: v.literal('gone'), reason: v.string() }),
  ]),
  /** `rollout`: has a split. `service`: no canary; charts and Start Canary only. */
  mode: v.picklist(['rollout', 'service']),
  tracks: v.array(track),
  weights: weightRange,
  /** Rule that the slider writes; '' means every rule with the pair. */
  sliderRule: v.string(),
  rules: v.array(rule),
  /** Present where one workload is updated in batches. */
  update: v.optional(update),
  /** The run of a release plan that is under way, or ended last. */
  run: v.optional(run),
  problems: v.array(
    v.object({ severity: v.picklist(['error', 'warning', 'info']), text: v.string() }),
  ),
  actions: v.object({
    send: offer,
    promote: offer,
    rollback: offer,
    startCanary: offer,
    endCanary: offer,
    addRule: offer,
  }),
  /** Sentence on a promotion that is under way, with its stage; '' otherwise. */
  promotion: v.string(),
  /** Label of the promote button: it names the next stage of a copy promotion. */
  promoteLabel: v.string(),
  /** Newest first. */
  history: v.array(historyRow),
});
export type PanelSnapshot = v.InferOutput<typeof snapshot>;

/**
 * Points in ascending time, no time twice: seconds since the epoch, value; `null` is a gap, never a zero. Units are the model's: ratio 0–1 for
 * `success` and `share`, milliseconds for `latency`, requests per second for `requests`.
 */
const points = v.array(v.tuple([v.number(), v.nullable(v.number())]));
const line = v.object({
  trackId: v.string(),
  role,
  points,
  /** Newest value with its unit, rendered ("99.93 %", "212 ms"); '' when missing. */
  current: v.string(),
});
const chart = v.object({
  id: v.picklist(['success', 'latency', 'requests', 'share']),
  lines: v.array(line),
  /** Second line on hover (p50 for latency), same order as `lines`; empty otherwise. */
  secondary: v.array(line),
  /** Why there is nothing to draw, in one sentence; '' when there is. */
  empty: v.string(),
  /** For `share`: what the weights ask for, 0–1; absent otherwise. */
  asked: v.optional(v.number()),
});
export type ChartView = v.InferOutput<typeof chart>;

export const metrics = v.object({
  minutes: v.picklist(rangeMinutes),
  startSeconds: v.number(),
  endSeconds: v.number(),
  charts: v.array(chart),
  /** Moments when a weight changed: a dotted line with its label ("25 %"). Ascending. */
  marks: v.array(v.object({ atSeconds: v.number(), label: v.string() })),
  /** The facts in one sentence ("99.93 % against 99.95 % of requests succeed; …"); never a verdict. '' without data. */
  facts: v.string(),
  /** Where the numbers come from ("prometheus-server in monitoring, through the API server"); '' without one. */
  source: v.string(),
  /** When no Prometheus answers: what was tried, one sentence each. */
  tried: v.array(v.string()),
  canOpenPrometheus: v.boolean(),
  canOpenGrafana: v.boolean(),
});
export type MetricsView = v.InferOutput<typeof metrics>;

export const toWebview = v.variant('type', [
  v.object({ type: v.literal('snapshot'), snapshot }),
  v.object({ type: v.literal('metrics'), metrics }),
  /** Answer to `draft`. `sentence` says what sending would do; `error` why it cannot be sent ('' otherwise). */
  v.object({
    type: v.literal('preview'),
    request: v.number(),
    sentence: v.string(),
    error: v.string(),
  }),
  /** Answer to `ruleDraft`, as `preview` is to `draft`. */
  v.object({
    type: v.literal('rulePreview'),
    request: v.number(),
    sentence: v.string(),
    error: v.string(),
  }),
  /** Every 4 s: the host lives and this is still its newest snapshot. */
  v.object({ type: v.literal('heartbeat'), sequence: v.number() }),
  /** An action began or ended; `text` is read out. `busy` disables the buttons. */
  v.object({
    type: v.literal('action'),
    state: v.picklist(['busy', 'done', 'failed', 'cancelled']),
    text: v.string(),
  }),
]);
export type ToWebview = v.InferOutput<typeof toWebview>;
