/** Snapshots and metrics as the host would send them, one for each state that the panel can be in. Pure: the time is fixed. */
import type {
  ChartView,
  HistoryRow,
  MetricsView,
  Offer,
  PanelSnapshot,
  RuleView,
  TrackView,
} from '../../src/protocol/messages.ts';

/** 12:05 on a day in November, UTC. */
export const nowSeconds = 1_795_608_300;

export interface Sample {
  readonly snapshot: PanelSnapshot;
  readonly metrics: MetricsView;
}

const offered: Offer = { shown: true, enabled: true, reason: '' };
const hidden: Offer = { shown: false, enabled: false, reason: '' };
const refused = (reason: string): Offer => ({ shown: true, enabled: false, reason });

const stable: TrackView = {
  id: 'v1',
  role: 'stable',
  name: 'shop-v1',
  version: 'v2.4.0',
  ready: '5 of 5 ready',
  share: 0.9,
  percentText: '90',
};
const canary: TrackView = {
  id: 'v2',
  role: 'canary',
  name: 'shop-v2',
  version: 'v2.4.1',
  ready: '2 of 2 ready',
  share: 0.1,
  percentText: '10',
};

const minute = 60_000;
const history: HistoryRow[] = [
  entry('h4', 1, 'alice', 'set the canary from 5 to 10 %', true),
  entry('h3', 13, 'alice', 'set the canary from 0 to 5 %', true),
  entry('h2', 14, 'bob', 'started the canary `v2.4.1`', false),
  { ...entry('h1', 1500, 'bob', 'set the canary from 0 to 1 %', false), outcome: 'notWritten' },
];

function entry(
  id: string,
  minutesAgo: number,
  who: string,
  sentence: string,
  canUndo: boolean,
): HistoryRow {
  const atMs = nowSeconds * 1000 - minutesAgo * minute;
  return { id, atMs, who, sentence, outcome: 'written', canUndo };
}

const goodSnapshot: PanelSnapshot = {
  version: 1,
  sequence: 1,
  panelKey: 'dev/default/shop',
  locale: 'en',
  title: {
    service: 'shop',
    namespace: 'default',
    context: 'kind-dev',
    route: 'Istio · VirtualService `shop`, route `primary`',
    owner: '',
  },
  protected: false,
  freshness: { kind: 'live' },
  mode: 'rollout',
  tracks: [stable, canary],
  weights: { kind: 'any' },
  sliderRule: 'primary',
  rules: [
    rule('testers', 'Header `x-canary: always` → canary', { v2: 1 }),
    rule('staff', 'User id is `7` or `42` → canary', { v2: 1 }),
    rule(
      'cablecar-phone',
      'Phones → 90 % to v1, 10 % to v2',
      { v1: 0.9, v2: 0.1 },
      { match: [{ on: 'device', op: 'exact', name: 'user-agent', value: 'phone' }] },
    ),
    rule('primary', 'Everyone else: by weight, 90 to stable, 10 to canary', { v1: 0.9, v2: 0.1 }),
  ],
  problems: [
    {
      severity: 'warning',
      text: 'One of stable’s pods restarted 3 times in the last hour. Rolling back now still leaves 4 of 5 ready.',
    },
  ],
  actions: {
    send: offered,
    promote: offered,
    rollback: { ...offered, reason: 'Sends all requests to stable, v2.4.0.' },
    startCanary: hidden,
    endCanary: hidden,
    addRule: { ...offered, reason: 'Sends some of the requests to the canary.' },
  },
  promotion: '',
  promoteLabel: 'Promote',
  history,
};

function rule(
  id: string,
  sentence: string,
  shares: Record<string, number>,
  more: Partial<RuleView> = {},
): RuleView {
  const isForSome = !/^(Everyone|其他所有人)/.test(sentence);
  const offer = { ...(isForSome ? offered : hidden), reason: isForSome ? 'Changes the rule.' : '' };
  return {
    id,
    sentence,
    shares,
    readOnly: '',
    key: `key-${id}`,
    percent: Math.round((shares['v2'] ?? 0) * 100),
    edit: offer,
    remove: offer,
    ...more,
  };
}

/** A walk that looks like measurements and is the same each time. */
function wave(seed: number, index: number): number {
  return Math.sin(index * 0.9 + seed) * 0.5 + Math.sin(index * 2.3 + seed * 3) * 0.5;
}

const stepSeconds = 15;
const pointCount = 60;
const startSeconds = nowSeconds - pointCount * stepSeconds;

function pointsOf(value: (index: number) => number | null): [number, number | null][] {
  return Array.from({ length: pointCount + 1 }, (_, index) => [
    startSeconds + index * stepSeconds,
    value(index),
  ]);
}

const from = (first: number, value: (index: number) => number) => (index: number) =>
  index < first ? null : value(index);

type Line = ChartView['lines'][number];
const lineOf = (track: TrackView, current: string, points: Line['points']): Line => ({
  trackId: track.id,
  role: track.role,
  current,
  points,
});

function goodCharts(): ChartView[] {
  return [
    {
      id: 'success',
      empty: '',
      secondary: [],
      lines: [
        lineOf(
          stable,
          '99.95 %',
          pointsOf((i) => 0.9994 + wave(1, i) * 0.0003),
        ),
        lineOf(canary, '99.93 %', pointsOf(from(20, (i) => 0.9992 + wave(2, i) * 0.0005))),
      ],
    },
    {
      id: 'latency',
      empty: '',
      lines: [
        lineOf(
          stable,
          '188 ms',
          pointsOf((i) => 188 + wave(3, i) * 8),
        ),
        lineOf(
          canary,
          '212 ms',
          pointsOf(from(20, (i) => (i > 42 && i < 46 ? NaN : 210 + wave(4, i) * 16))).map(
            ([at, value]) => [at, Number.isNaN(value) ? null : value],
          ),
        ),
      ],
      secondary: [
        lineOf(
          stable,
          '41 ms',
          pointsOf((i) => 41 + wave(5, i) * 2),
        ),
        lineOf(canary, '44 ms', pointsOf(from(20, (i) => 44 + wave(6, i) * 3))),
      ],
    },
    {
      id: 'requests',
      empty: '',
      secondary: [],
      lines: [
        lineOf(
          stable,
          '109',
          pointsOf((i) => (i < 20 ? 121 : i < 44 ? 115 : 109) + wave(7, i) * 2),
        ),
        lineOf(canary, '12.1', pointsOf(from(20, (i) => (i < 44 ? 6 : 12) + wave(8, i) * 0.5))),
      ],
    },
    {
      id: 'share',
      empty: '',
      secondary: [],
      asked: 0.1,
      lines: [
        lineOf(
          canary,
          '10.1 %',
          pointsOf(from(20, (i) => (i < 44 ? 0.05 : 0.1) + wave(9, i) * 0.005)),
        ),
      ],
    },
  ];
}

const goodMetrics: MetricsView = {
  minutes: 15,
  startSeconds,
  endSeconds: nowSeconds,
  charts: goodCharts(),
  marks: [
    { atSeconds: startSeconds + 20 * stepSeconds, label: '5 %' },
    { atSeconds: startSeconds + 44 * stepSeconds, label: '10 %' },
  ],
  facts:
    '99.93 % of the canary’s requests succeed, against 99.95 % of stable’s; p99 is 212 ms against 188 ms.',
  source: 'prometheus-server in monitoring, through the API server',
  tried: [],
  canOpenPrometheus: true,
  canOpenGrafana: true,
};

export const good: Sample = { snapshot: goodSnapshot, metrics: goodMetrics };

function but(snapshot: Partial<PanelSnapshot>, metrics: Partial<MetricsView> = {}): Sample {
  return {
    snapshot: { ...goodSnapshot, ...snapshot },
    metrics: { ...goodMetrics, ...metrics },
  };
}

export const failing: Sample = but(
  {
    problems: [
      {
        severity: 'error',
        text: 'The canary answers 8.2 % of its requests with an error. Rolling back sends all of them to stable, which has 5 of 5 ready.',
      },
      {
        severity: 'warning',
        text: 'No guard watches this canary: it stays as it is when you close the editor.',
      },
    ],
  },
  {
    facts: '91.80 % of the canary’s requests succeed, against 99.95 % of stable’s.',
    charts: goodCharts().map((chart) =>
      chart.id === 'success' ? { ...chart, lines: [...chart.lines.slice(0, 1), bad()] } : chart,
    ),
  },
);

function bad(): Line {
  return lineOf(
    canary,
    '91.80 %',
    pointsOf(from(20, (i) => (i < 44 ? 0.995 : 0.92) + wave(2, i) * 0.004)),
  );
}

/** Replicas: 6 stable pods, the canary is scaled. */
export const stops: Sample = but({
  title: {
    ...goodSnapshot.title,
    service: 'cart',
    route: 'Replicas · Deployments `cart` and `cart-canary`',
  },
  tracks: [
    { ...stable, share: 6 / 7, percentText: '85.7', ready: '6 of 6 ready' },
    { ...canary, share: 1 / 7, percentText: '14.3', ready: '1 of 1 ready' },
  ],
  weights: {
    kind: 'stops',
    stops: [0, 1, 2, 3, 4, 5, 6].map((pods) => ({
      pods,
      percent: Math.round((pods / (6 + pods)) * 100),
    })),
  },
  sliderRule: '',
  rules: [],
  problems: [],
  actions: { ...goodSnapshot.actions, endCanary: offered },
});

const updateOfCart = {
  sentence: '3 of 10 pods have the new version (3 ready); it stays at 3 until you widen it.',
  maxSurge: { value: '25%', pods: 3 },
  maxUnavailable: { value: '25%', pods: 2 },
  pause: { ...offered, reason: 'Stops the update where it is.' },
  resume: hidden,
  setSurge: offered,
  undoRevision: offered,
};

/** One Deployment of ten pods, held at three of the new version. */
export const batches: Sample = but({
  title: {
    ...goodSnapshot.title,
    service: 'cart',
    route: 'Rolling update · Deployment `cart`',
  },
  tracks: [
    { ...stable, name: 'cart-5d9c', share: 10 / 13, percentText: '76.9', ready: '10 of 10 ready' },
    { ...canary, name: 'cart-77f4', share: 3 / 13, percentText: '23.1', ready: '3 of 3 ready' },
  ],
  weights: {
    kind: 'stops',
    stops: [3, 4, 5, 6, 7, 8].map((pods) => ({ pods, percent: Math.round((pods / 13) * 100) })),
  },
  sliderRule: '',
  rules: [],
  problems: [
    {
      severity: 'info',
      text: 'While cart is held, Kubernetes counts its new pods as ready but not as available: alerts on missing replicas may fire, and kubectl rollout status and helm --wait go on waiting.',
    },
  ],
  promoteLabel: 'Finish',
  update: updateOfCart,
});

export const batchesChinese: Sample = {
  ...batches,
  snapshot: {
    ...batches.snapshot,
    locale: 'zh-cn',
    problems: [
      {
        severity: 'info',
        text: 'cart 停留在批次期间，Kubernetes 将其新 Pod 计为就绪但不可用：副本不足的告警可能触发，kubectl rollout status 与 helm --wait 会一直等待。',
      },
    ],
    promoteLabel: '完成更新',
    update: {
      ...updateOfCart,
      sentence: '10 个 Pod 中有 3 个为新版本，其中 3 个已就绪；在您扩大之前停留在 3 个。',
    },
  },
};

const blue: TrackView = {
  id: 'v3',
  role: 'other',
  name: 'shop-beta',
  version: 'v3.0.0-beta.1',
  ready: '1 of 1 ready',
  share: 0.005,
  percentText: '0.5',
};

export const threeDestinations: Sample = but(
  {
    tracks: [{ ...stable, share: 0.895, percentText: '89.5' }, canary, blue],
    rules: [
      rule('primary', 'Everyone: by weight, 89.5 to stable, 10 to canary, 0.5 to `shop-beta`', {
        v1: 0.895,
        v2: 0.1,
        v3: 0.005,
      }),
    ],
  },
  {
    charts: goodCharts().map((chart) =>
      chart.id === 'requests'
        ? {
            ...chart,
            lines: [
              ...chart.lines,
              lineOf(
                blue,
                '0.6',
                pointsOf((i) => 0.6 + wave(3, i) * 0.2),
              ),
            ],
          }
        : chart,
    ),
  },
);

export const serviceOnly: Sample = but(
  {
    mode: 'service',
    title: { ...goodSnapshot.title, service: 'catalog', route: '' },
    tracks: [{ ...stable, name: 'catalog', share: 1, percentText: '100' }],
    weights: { kind: 'none', reason: '' },
    sliderRule: '',
    rules: [],
    problems: [],
    actions: {
      send: hidden,
      promote: hidden,
      rollback: hidden,
      startCanary: {
        ...offered,
        reason: 'Starts one pod of a new image beside Deployment `catalog`; nothing else changes.',
      },
      endCanary: hidden,
      addRule: hidden,
    },
    promoteLabel: '',
    history: [],
  },
  {
    charts: goodCharts()
      .filter((chart) => chart.id !== 'share')
      .map((chart) => ({ ...chart, lines: chart.lines.slice(0, 1) })),
    marks: [],
    facts: '99.95 % of requests succeed; p99 is 188 ms.',
  },
);

const staleReason = 'The API server does not answer: connection refused.';
export const stale: Sample = but({
  freshness: { kind: 'stale', sinceMs: (nowSeconds - 95) * 1000, reason: staleReason },
  actions: {
    ...goodSnapshot.actions,
    send: refused(staleReason),
    promote: refused(staleReason),
  },
});

const goneReason = 'VirtualService shop was deleted.';
export const gone: Sample = but({
  freshness: { kind: 'gone', reason: goneReason },
  actions: {
    ...goodSnapshot.actions,
    send: refused(goneReason),
    promote: refused(goneReason),
    rollback: refused(goneReason),
  },
  problems: [{ severity: 'error', text: `${goneReason} Its history stays here.` }],
});

export const noPrometheus: Sample = but(
  {},
  {
    charts: [],
    marks: [],
    facts: '',
    source: '',
    tried: [
      '`prometheus-server` in `monitoring`: 503 Service Unavailable',
      '`kube-prometheus-stack-prometheus` in `monitoring`: not found',
      '`prometheus` in `istio-system`: not found',
    ],
    canOpenPrometheus: false,
    canOpenGrafana: false,
  },
);

export const emptyCharts: Sample = but(
  {
    tracks: [
      { ...stable, share: 1, percentText: '100' },
      { ...canary, share: 0, percentText: '0' },
    ],
  },
  {
    facts: '',
    marks: [],
    charts: goodCharts().map((chart) => ({
      ...chart,
      lines: [],
      secondary: [],
      empty:
        chart.id === 'share'
          ? 'No requests to the canary in the last 15 minutes.'
          : 'Prometheus has no series `istio_requests_total` for shop.',
    })),
  },
);

export const guarded: Sample = but({
  protected: true,
  title: { ...goodSnapshot.title, context: 'prod-eu-1', namespace: 'storefront' },
  promotion: 'Promotion is under way, stage 2 of 4: waiting until 3 of 5 stable pods run `v2.4.1`.',
  promoteLabel: 'Continue promotion',
});

const ownedReason = 'Flagger decides this split: Canary `shop/shop` sets the weights every 60 s.';
export const owned: Sample = but({
  title: { ...goodSnapshot.title, owner: 'owned by Flagger' },
  weights: { kind: 'none', reason: ownedReason },
  actions: {
    ...goodSnapshot.actions,
    send: refused(ownedReason),
    promote: refused(ownedReason),
    rollback: refused(ownedReason),
  },
});

export const chinese: Sample = but(
  {
    locale: 'zh-cn',
    title: { ...goodSnapshot.title, route: 'Istio · VirtualService `shop`，路由 `primary`' },
    tracks: [
      { ...stable, ready: '5 个中 5 个就绪' },
      { ...canary, ready: '2 个中 2 个就绪' },
    ],
    rules: [
      rule('testers', '请求头 `x-canary: always` → 金丝雀版本', { v2: 1 }),
      rule('primary', '其他所有人：按权重，90 到稳定版，10 到金丝雀版本', { v1: 0.9, v2: 0.1 }),
    ],
    problems: [
      {
        severity: 'warning',
        text: '稳定版的一个 Pod 在过去一小时内重启了 3 次。现在回滚后仍有 5 个中的 4 个就绪。',
      },
    ],
    promoteLabel: '提升为稳定版',
    history: [
      entry('h4', 1, 'alice', '将金丝雀版本从 5% 设为 10%', true),
      entry('h3', 13, 'alice', '将金丝雀版本从 0% 设为 5%', false),
    ],
  },
  {
    facts: '金丝雀版本 99.93% 的请求成功，稳定版为 99.95%；p99 为 212 毫秒，稳定版为 188 毫秒。',
    source: 'monitoring 中的 prometheus-server，经由 API 服务器',
  },
);

export const samples = {
  good,
  failing,
  stops,
  batches,
  batchesChinese,
  threeDestinations,
  serviceOnly,
  stale,
  gone,
  noPrometheus,
  emptyCharts,
  guarded,
  owned,
  chinese,
} as const satisfies Record<string, Sample>;
