import * as v from 'valibot';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { AlertMatcher, AlertAnswer, FiringAlert } from '../model/alerts.ts';
import type { HttpAccess } from './access.ts';
import { versionIn } from './discovery.ts';
import { parseJson } from './json.ts';
import { say } from './metrics.l10n.ts';

/** An Alertmanager that answered. */
export interface FoundAlertmanager {
  readonly access: HttpAccess;
  /** '' when it does not say. */
  readonly version: string;
}

const maxShown = 20;

/** As far as it is read. Source: Alertmanager's OpenAPI document, api/v2/openapi.yaml, 0.25 to 0.28. */
const alert = v.object({
  labels: v.record(v.string(), v.string()),
  annotations: v.optional(v.record(v.string(), v.string()), {}),
  startsAt: v.pipe(
    v.string(),
    v.transform((text) => Date.parse(text)),
    v.number(),
    v.finite(),
  ),
  status: v.object({
    state: v.picklist(['active', 'suppressed', 'unprocessed']),
    silencedBy: v.optional(v.array(v.string()), []),
    inhibitedBy: v.optional(v.array(v.string()), []),
  }),
});
const alertList = v.array(alert);

/**
 * Alerts that are active and match all matchers of at least one of the entries. One request at a time, one for each entry. When one entry
 * could not be asked for, alerts of another still count; without any the answer is `unknown`.
 */
export async function readAlerts(
  access: HttpAccess,
  anyOf: readonly (readonly AlertMatcher[])[],
  signal: AbortSignal,
): Promise<AlertAnswer> {
  const firing = new Map<string, FiringAlert>();
  let failure: Text | undefined;
  for (const matchers of anyOf) {
    const answer = await activeAlerts(access, matchers, signal);
    signal.throwIfAborted();
    if (!answer.ok) failure ??= answer.error;
    else for (const one of answer.value) firing.set(identityOf(one), one);
  }
  if (firing.size > 0) {
    const alerts = [...firing.values()].sort((a, b) => a.sinceMs - b.sinceMs);
    return { kind: 'firing', alerts: alerts.slice(0, maxShown), count: alerts.length };
  }
  return failure === undefined ? { kind: 'quiet' } : { kind: 'unknown', reason: failure };
}

/** Asks for its status: proves that API version 2 is answered there. */
export async function testAlertmanager(
  access: HttpAccess,
  signal: AbortSignal,
): Promise<Result<FoundAlertmanager, Text>> {
  const answer = await getJson(access, '/api/v2/status', {}, signal);
  if (!answer.ok) return answer;
  if (!v.is(v.object({ versionInfo: v.object({}), uptime: v.string() }), answer.value)) {
    return err(say('alerts.notAlertmanager', { url: access.title }));
  }
  return ok({ access, version: versionIn(JSON.stringify(answer.value)) });
}

/**
 * Alertmanager filters, since regular expressions are its own dialect (RE2). What can be verified without one is: the state, and
 * matchers of whole values.
 */
async function activeAlerts(
  access: HttpAccess,
  matchers: readonly AlertMatcher[],
  signal: AbortSignal,
): Promise<Result<readonly FiringAlert[], Text>> {
  const query = {
    active: 'true',
    silenced: 'false',
    inhibited: 'false',
    unprocessed: 'false',
    filter: matchers.map(filterText),
  };
  const answer = await getJson(access, '/api/v2/alerts', query, signal);
  if (!answer.ok) return answer;
  const parsed = v.safeParse(alertList, answer.value);
  if (!parsed.success) return err(say('alerts.notAlertmanager', { url: access.title }));
  const active = parsed.output.filter(isActive).map(firingAlert);
  const isOther = active.some((one) => !matchers.every((matcher) => canMatch(one, matcher)));
  return isOther ? err(say('alerts.notFiltered', { url: access.title })) : ok(active);
}

function filterText({ label, op, value }: AlertMatcher): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `${label}${op}"${escaped}"`;
}

function isActive({ status }: v.InferOutput<typeof alert>): boolean {
  const { state, silencedBy, inhibitedBy } = status;
  return state === 'active' && silencedBy.length === 0 && inhibitedBy.length === 0;
}

function firingAlert({ labels, annotations, startsAt }: v.InferOutput<typeof alert>): FiringAlert {
  const summary =
    annotations['summary'] ?? annotations['description'] ?? annotations['message'] ?? '';
  return { name: labels['alertname'] ?? '', labels, sinceMs: startsAt, summary };
}

function canMatch({ labels }: FiringAlert, { label, op, value }: AlertMatcher): boolean {
  const found = Object.hasOwn(labels, label) ? labels[label] : '';
  if (op === '=') return found === value;
  return op !== '!=' || found !== value;
}

/** Alertmanager tells alerts apart by all their labels. */
function identityOf({ labels }: FiringAlert): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function getJson(
  access: HttpAccess,
  path: string,
  query: Parameters<HttpAccess['get']>[1],
  signal: AbortSignal,
): Promise<Result<unknown, Text>> {
  const answer = await access.get(path, query, signal);
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  const url = access.title;
  const json = parseJson(body);
  if (status === 200 && json !== undefined) return ok(json);
  if (status === 200) return err(say('alerts.notAlertmanager', { url }));
  // What it says of a matcher that it cannot read is a JSON string.
  if (status === 400 && typeof json === 'string')
    return err(say('alerts.refused', { message: json.slice(0, 300) }));
  return err(say('metrics.status', { status, url }));
}
