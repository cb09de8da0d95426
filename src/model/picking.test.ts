import { expect, it } from 'vitest';
import type { JsonObject } from './objects.ts';
import { picking } from './picking.ts';

const route: JsonObject = {
  spec: {
    hosts: ['shop'],
    http: [
      { timeout: '1s', route: [{ weight: 1, headers: {} }, 'odd'] },
      null,
      { route: { weight: 2 } },
    ],
    tcp: 'odd',
  },
  status: null,
};

it('keeps what the paths name, at the same indices', () => {
  const pick = picking('spec.hosts', 'spec.http[].route[].weight', 'spec.missing.deep');
  expect(pick(route)).toEqual({
    spec: {
      hosts: ['shop'],
      http: [{ route: [{ weight: 1 }, 'odd'] }, null, { route: { weight: 2 } }],
    },
  });
});

it('keeps malformed values as they are', () => {
  const pick = picking('spec.tcp[].route', 'spec.hosts.name', 'status.replicas');
  expect(pick(route)).toEqual({ spec: { tcp: 'odd', hosts: ['shop'] }, status: null });
});

it('keeps all of a member when one path ends at it', () => {
  expect(picking('spec.http[].route', 'spec')(route)).toEqual({ spec: route['spec'] });
  expect(picking('spec', 'spec.hosts')(route)).toEqual({ spec: route['spec'] });
  expect(picking('spec.http', 'spec.http[].route')({ spec: { http: [{ a: 1 }] } })).toEqual({
    spec: { http: [{ a: 1 }] },
  });
});

it('takes no inherited member, and none by the name of one', () => {
  expect(picking('constructor', 'spec.toString')({ spec: {} })).toEqual({ spec: {} });
});
