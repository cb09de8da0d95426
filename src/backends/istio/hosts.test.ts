import { expect, test } from 'vitest';
import { serviceOfHost } from './hosts.ts';

test.each([
  ['shop', 'shop', 'web'],
  ['shop.other.svc.cluster.local', 'shop', 'other'],
  ['shop.other.svc.corp.example', 'shop', 'other'],
])(
  'the host %s is a Service, a short one of the namespace of its rule',
  (host, name, namespace) => {
    expect(serviceOfHost(host, 'web')).toEqual({ name, namespace });
  },
);

test.each(['shop.other', 'api.example.com', '*', '*.shop.svc.cluster.local', ''])(
  'the host "%s" is no Service, for Istio completes only names without a dot',
  (host) => {
    expect(serviceOfHost(host, 'web')).toBeUndefined();
  },
);
