import { describe, expect, it } from 'vitest';
import type { MetricReport, Verdict } from '../../model/verdict.ts';
import { combined } from './combine.ts';

const reason = { key: 'analysis.canary', args: {} };

function of(...kinds: readonly Verdict['kind'][]): Verdict['kind'] {
  const metrics = kinds.map((kind, at): MetricReport => {
    const verdict = kind === 'pass' ? { kind } : { kind, reason };
    return { name: String(at), verdict, numbers: { unit: 'ratio' } };
  });
  return combined(metrics).kind;
}

describe('the verdict of all metrics', () => {
  it('passes only when each passes', () => {
    expect(of('pass', 'pass')).toBe('pass');
    expect(of('pass', 'inconclusive')).toBe('inconclusive');
    expect(of('inconclusive', 'error', 'pass')).toBe('error');
  });
  it('fails when one fails, whatever the others could not say', () => {
    expect(of('error', 'inconclusive', 'fail', 'pass')).toBe('fail');
  });
});
