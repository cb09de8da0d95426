import { describe, expect, test } from 'vitest';
import { redact } from './redact.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

describe('redact', () => {
  test.each([
    ['an authorization header', 'Authorization: Bearer abcdef123456', 'abcdef123456'],
    ['a header in JSON', '{"authorization":"Basic dXNlcjpwYXNz"}', 'dXNlcjpwYXNz'],
    ['a bearer token in a sentence', 'sent Bearer abcdefgh12345678 to it', 'abcdefgh12345678'],
    ['a JSON web token', `the plugin said ${jwt}.`, 'eyJzdWIiOiJhbGljZSJ9'],
    ['a token of an exec plugin', '{"status":{"token":"k8s-aws-v1.aHR0"}}', 'k8s-aws-v1'],
    ['a password in YAML', 'password: hunter2', 'hunter2'],
    ['a key of a kubeconfig', 'client-key-data: LS0tLS1CRUdJTg==', 'LS0tLS1CRUdJTg'],
    ['user and password in a URL', 'GET https://alice:hunter2@prom.example/api', 'hunter2'],
    [
      'a PEM block',
      '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----',
      'MIIEow',
    ],
    ['a PEM block that was cut off', '-----BEGIN PRIVATE KEY-----\nMIIEow', 'MIIEow'],
    ['the data of a Secret', '"data":{"db":"aHVudGVyMg=="}', 'aHVudGVyMg'],
    [
      'the last applied configuration',
      'kubectl.kubernetes.io/last-applied-configuration: {"kind":"Secret","x":"hunter2"}',
      'hunter2',
    ],
  ])('hides %s', (_what, text, secret) => {
    expect(text).toContain(secret);
    const masked = redact(text);
    expect(masked).not.toContain(secret);
    expect(masked).toContain('[redacted]');
  });

  test('leaves ordinary lines as they are', () => {
    const line = '12:04:31 GET /apis/apps/v1/namespaces/shop/deployments?limit=500 200 in 12 ms';
    expect(redact(line)).toBe(line);
  });
});
