import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { pickWeighted, type Random, seededRandom } from './random.ts';
import { DRAW_HEADER, REASON_HEADER } from './proxy.ts';

/** A service that gets traffic. */
export interface TrafficService {
  readonly service: string;
  readonly namespace: string;
  /** Its part of the rate, relative to the others. Default 1. */
  readonly weight?: number;
  /** Drawn from evenly; few, for they become a label of metrics. Default `['/']`. */
  readonly paths?: readonly string[];
}

/** What to send, for a sample. */
export interface SampleRequest {
  readonly service: string;
  readonly namespace: string;
  readonly count: number;
  /** Sent with each, such as `{ cookie: 'group=beta' }`. Default none: only the weights decide. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly method?: string;
  /** Instead of `service.namespace`, for routes by public names. */
  readonly host?: string;
}

/** Where a sample ended: requests per name. The names are those of what answered. */
export interface Sample {
  readonly count: number;
  /** `namespace/pod`. */
  readonly byPod: Readonly<Record<string, number>>;
  /** `namespace/Deployment`. */
  readonly byWorkload: Readonly<Record<string, number>>;
  /** The pod's label `version`, else the image's tag. */
  readonly byVersion: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  /** What the proxy said of the requests that no pod answered. */
  readonly byReason: Readonly<Record<string, number>>;
}

export interface Traffic {
  /** Requests per second, over all services. 0 stops it. */
  readonly setRate: (rate: number) => void;
  readonly setServices: (services: readonly TrafficService[]) => void;
  readonly sample: (sample: SampleRequest) => Promise<Sample>;
  readonly stop: () => void;
}

const TICK_MS = 25;
/** Closed loop: no more than these wait for an answer, whatever the rate. */
const MOST_IN_FLIGHT = 64;

/** Sends requests to the proxy at a steady rate, by a seed the same ones in each run. */
export function startTraffic(options: {
  readonly port: number;
  readonly seed: number;
  readonly rate: number;
  readonly services: readonly TrafficService[];
}): Traffic {
  const agent = new Agent({ keepAlive: true });
  const random = seededRandom(options.seed);
  let { rate, services } = options;
  let samples = 0;
  let inFlight = 0;
  let due = 0;
  let lastTick = performance.now();
  const send = async (): Promise<void> => {
    const service = pickWeighted(services.map(withWeight), random())?.item;
    if (service === undefined) return;
    inFlight += 1;
    // A request may be cut when the testbed ends, or when a pod does.
    await ask(agent, options.port, visitTo(service, random)).catch(() => undefined);
    inFlight -= 1;
  };
  const timer = setInterval(() => {
    const now = performance.now();
    due = Math.min(due + ((now - lastTick) / 1_000) * rate, MOST_IN_FLIGHT);
    lastTick = now;
    for (; due >= 1 && inFlight < MOST_IN_FLIGHT; due -= 1) void send();
  }, TICK_MS);
  return {
    setRate: (next) => {
      rate = next;
    },
    setServices: (next) => {
      services = next;
    },
    sample: (wanted) => {
      samples += 1;
      return takeSample(agent, options.port, wanted, seededRandom(options.seed + samples));
    },
    stop: () => {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

function withWeight(service: TrafficService): TrafficService & { readonly weight: number } {
  return { ...service, weight: service.weight ?? 1 };
}

interface Visit {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

const USER_AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) Version/19.0 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/142.0 Mobile Safari/537.36',
];
const USERS = 5_000;
/** Testers, who carry the cookie that canary rules look for. */
const TESTER_RATIO = 0.004;

/** A request as one of many users sends it: an id, a session, a browser or a phone. */
function visitTo({ service, namespace, paths = ['/'] }: TrafficService, random: Random): Visit {
  const user = 1 + Math.floor(random() * USERS);
  const group = random() < TESTER_RATIO ? '; group=testers' : '';
  return {
    host: `${service}.${namespace}`,
    path: oneOf(paths, random()) ?? '/',
    method: random() < 0.85 ? 'GET' : 'POST',
    headers: {
      'x-user-id': String(user),
      'user-agent': oneOf(USER_AGENTS, random()) ?? '',
      cookie: `session=${(user * 7_919).toString(36)}${group}`,
    },
  };
}

function oneOf<T>(items: readonly T[], draw: number): T | undefined {
  return items[Math.floor(draw * items.length)];
}

const SAMPLE_CONCURRENCY = 40;

async function takeSample(
  agent: Agent,
  port: number,
  wanted: SampleRequest,
  random: Random,
): Promise<Sample> {
  const counts = { byPod: {}, byWorkload: {}, byVersion: {}, byStatus: {}, byReason: {} };
  let left = wanted.count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await ask(agent, port, {
        host: wanted.host ?? `${wanted.service}.${wanted.namespace}`,
        path: wanted.path ?? '/',
        method: wanted.method ?? 'GET',
        headers: { ...wanted.headers, [DRAW_HEADER]: String(random()) },
      });
      tally(counts, answer);
    }
  };
  await Promise.all(Array.from({ length: SAMPLE_CONCURRENCY }, worker));
  return { count: wanted.count, ...counts };
}

function tally(counts: Record<string, Record<string, number>>, answer: IncomingMessage): void {
  const add = (kind: string, name: string | readonly string[] | undefined): void => {
    const of = counts[kind];
    if (of !== undefined && typeof name === 'string') of[name] = (of[name] ?? 0) + 1;
  };
  add('byPod', answer.headers['x-testbed-pod']);
  add('byWorkload', answer.headers['x-testbed-workload']);
  add('byVersion', answer.headers['x-testbed-version']);
  add('byReason', answer.headers[REASON_HEADER]);
  add('byStatus', String(answer.statusCode));
}

/** Resolves when the whole answer is there. */
function ask(agent: Agent, port: number, visit: Visit): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { host, path, method, headers } = visit;
    const sent = httpRequest(
      { host: '127.0.0.1', port, agent, method, path, headers: { ...headers, host } },
      (answer) => {
        answer.resume();
        answer.once('end', () => {
          resolve(answer);
        });
        answer.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end();
  });
}
