import { describe, expect, it } from 'vitest';
import { ok } from '../base/result.ts';
import { alertmanagerCandidates, prometheusCandidates } from './candidates.ts';
import { directAccess } from './directAccess.ts';
import { queryInstant } from './prometheus.ts';
import type { HttpAccess } from './access.ts';
import { rangeOf, readingOf, shareSeries } from './trackMetrics.ts';
import type { KubeObject } from '../model/objects.ts';

const range = { startSeconds: 1000, endSeconds: 1900, stepSeconds: 3 };
const signal = new AbortController().signal;

function answering(status: number, body: string): HttpAccess {
  return {
    title: { key: 'metrics.foundUrl', args: { url: 'http://p' } },
    get: () => Promise.resolve(ok({ status, headers: {}, body })),
  };
}

async function reading(status: number, body: string): Promise<string> {
  const answer = await queryInstant(answering(status, body), 'x', signal);
  const { reading: read } = readingOf(answer, range, 1);
  return read.kind === 'value' ? String(read.value) : read.why;
}

const vector = (values: string[], at = 1900): string =>
  JSON.stringify({
    status: 'success',
    data: {
      resultType: 'vector',
      result: values.map((value) => ({ metric: {}, value: [at, value] })),
    },
  });

describe('what an answer of Prometheus says about now', () => {
  const cases: [name: string, status: number, body: string, says: string][] = [
    ['a number is a value', 200, vector(['0.5']), '0.5'],
    ['zero is zero', 200, vector(['0']), '0'],
    ['a bad gateway is a failure', 502, '<html>Bad Gateway</html>', 'failed'],
    ['a page instead of an answer is a failure', 200, '<html>login</html>', 'failed'],
    ['an empty body is a failure', 200, '', 'failed'],
    ['no series is missing, not zero', 200, vector([]), 'noSeries'],
    ['NaN is missing, not zero', 200, vector(['NaN']), 'notANumber'],
    ['infinity is missing', 200, vector(['+Inf']), 'notANumber'],
    ['two series are missing, for one was expected', 200, vector(['1', '2']), 'severalSeries'],
    ['an old value is stale', 200, vector(['1'], 1880), 'stale'],
    ['a refused query is a failure', 400, '{"status":"error","error":"parse error"}', 'failed'],
  ];
  it.each(cases)('%s', async (_name, status, body, says) => {
    expect(await reading(status, body)).toBe(says);
  });
});

describe('the range of a chart', () => {
  it('ends at a multiple of its step and has at most 300 points', () => {
    const { startSeconds, endSeconds, stepSeconds } = rangeOf(360, 1_000_003, 1);
    expect(endSeconds % stepSeconds).toBe(0);
    expect((endSeconds - startSeconds) / stepSeconds).toBeLessThanOrEqual(300);
  });
});

describe('the measured share', () => {
  it('is the requests of the track by those of all tracks, and a gap where none came', () => {
    const rate = (trackId: string, points: [number, number | null][]) => ({
      trackId,
      metric: 'requestsPerSecond' as const,
      series: { points },
      reading: { kind: 'missing' as const, why: 'noSeries' as const },
    });
    const all = [
      rate('stable', [
        [1, 9],
        [2, 0],
      ]),
      rate('canary', [
        [1, 1],
        [2, 0],
      ]),
    ];
    expect(shareSeries(all, 'canary').points).toEqual([
      [1, 0.1],
      [2, null],
    ]);
  });
});

function service(name: string, labels: Record<string, string>, ports: object[] = []): KubeObject {
  const meta = { namespace: 'monitoring', name, labels } as unknown as KubeObject['meta'];
  return { apiVersion: 'v1', kind: 'Service', meta, body: { spec: { ports } } as never };
}

describe('finding a Prometheus', () => {
  it('prefers front ends and labels, and leaves out what only belongs to the installation', () => {
    const found = prometheusCandidates([
      service('prometheus-server', {}, [{ name: 'http', port: 80 }]),
      service('alertmanager-operated', {
        'app.kubernetes.io/name': 'prometheus',
        'app.kubernetes.io/component': 'alertmanager',
      }),
      service('prometheus-node-exporter', { 'app.kubernetes.io/name': 'prometheus-node-exporter' }),
      service('thanos-query', { 'app.kubernetes.io/name': 'thanos-query' }, [
        { name: 'http', port: 9090 },
      ]),
      service('shop', {}),
    ]);
    expect(found.map((c) => `${c.service}:${c.port}`)).toEqual([
      'thanos-query:9090',
      'prometheus-server:80',
    ]);
  });

  it('takes for Alertmanager what its charts and operators call so, and nothing beside it', () => {
    const named = (name: string): Record<string, string> => ({ 'app.kubernetes.io/name': name });
    const found = alertmanagerCandidates([
      service('alertmanager-operated', { 'operated-alertmanager': 'true' }, [
        { name: 'tcp-mesh', port: 9094 },
        { name: 'http-web', port: 9093 },
      ]),
      service('prod-alertmanager', { app: 'kube-prometheus-stack-alertmanager' }, [
        { name: 'http-web', port: 80 },
      ]),
      service('alertmanager-main', named('alertmanager'), [{ name: 'web', port: 9093 }]),
      service('prometheus-alertmanager-headless', named('alertmanager')),
      service('alertmanager-webhook', {}),
      service('mimir-alertmanager', {
        ...named('mimir'),
        'app.kubernetes.io/component': 'alertmanager',
      }),
      service('prometheus-server', named('prometheus')),
    ]);
    expect(found.map((c) => `${c.service}:${c.port}${c.prefix}`)).toEqual([
      'prod-alertmanager:80',
      'alertmanager-main:9093',
      'alertmanager-operated:9093',
      'mimir-alertmanager:9093/alertmanager',
    ]);
  });

  it.each(['ftp://p', 'not a url', 'http://169.254.169.254/latest', 'http://[fd00:ec2::254]/'])(
    'refuses the address %s',
    (url) => {
      expect(directAccess({ url, setting: 'x' }).ok).toBe(false);
    },
  );
});
