import { expect, test } from 'vitest';
import { proxyOf, type ProxySettings } from './proxies.ts';

const away = 'https://api.example.com:6443';

test.each<[string, string, Partial<ProxySettings> & { proxyUrl?: string }, string | undefined]>([
  ['nothing is set', away, {}, undefined],
  ['the environment', away, { env: { HTTPS_PROXY: 'http://p:1' } }, 'http://p:1'],
  [
    'lower case counts first',
    away,
    { env: { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:2' } },
    'http://q:2',
  ],
  ['HTTP_PROXY is for http alone', away, { env: { HTTP_PROXY: 'http://p:1' } }, undefined],
  ['a proxy without a scheme', away, { env: { HTTPS_PROXY: 'p:1' } }, 'http://p:1'],
  [
    'the setting before the environment',
    away,
    { setting: 'http://s:3', env: { HTTPS_PROXY: 'http://p:1' } },
    'http://s:3',
  ],
  [
    'proxy-url before all, without exceptions',
    away,
    { proxyUrl: 'socks5://k:4', setting: 'http://s:3', env: { NO_PROXY: '*' } },
    'socks5://k:4',
  ],
  ['this machine', 'https://127.0.0.2:6443', { setting: 'http://s:3' }, undefined],
  ['localhost', 'https://localhost', { env: { HTTPS_PROXY: 'http://p:1' } }, undefined],
  [
    'an exception by domain',
    away,
    { env: { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'x.org, .example.com' } },
    undefined,
  ],
  [
    'an exception by name covers what is below',
    away,
    { env: { HTTPS_PROXY: 'http://p:1', no_proxy: 'example.com' } },
    undefined,
  ],
  [
    'a name that only ends alike',
    'https://badexample.com',
    { env: { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.com' } },
    'http://p:1',
  ],
  [
    'an exception with a port',
    away,
    { env: { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.example.com:443' } },
    'http://p:1',
  ],
  [
    'an exception with the port',
    away,
    { env: { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.example.com:6443' } },
    undefined,
  ],
  [
    'an exception by range',
    'https://10.1.2.3',
    { env: { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' } },
    undefined,
  ],
  [
    'another range',
    'https://10.1.2.3',
    { env: { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.2.0.0/16,999.0.0.0/8,10.0.0.0/x' } },
    'http://p:1',
  ],
  [
    'the editor’s exceptions',
    away,
    { setting: 'http://s:3', noProxy: ['*.example.com'] },
    undefined,
  ],
  ['everything excepted', away, { setting: 'http://s:3', noProxy: ['*'] }, undefined],
])('%s', (_, server, { proxyUrl, ...settings }, expected) => {
  const cluster = proxyUrl === undefined ? {} : { proxyUrl };
  expect(proxyOf(cluster, new URL(server), { env: {}, ...settings })).toBe(expected);
});
