import assert from 'node:assert/strict';
import { targetOfFile, transportTo } from '../../support/clusterTarget.ts';

/** What the server saw of it is asserted where the server is, in `transport.test.ts`. */
describe('the transport in the extension host', () => {
  for (const way of ['direct', 'proxied']) {
    it(`sends ten requests, one after the other, ${way}`, async () => {
      const folder = process.env['CABLECAR_TEST_KUBECONFIGS'] ?? '';
      const transport = transportTo(await targetOfFile(`${folder}/${way}`));
      try {
        for (let i = 0; i < 10; i += 1) {
          const signal = AbortSignal.timeout(10_000);
          const answer = await transport.request({ method: 'GET', path: `/${way}`, signal });
          assert.ok(answer.ok, JSON.stringify(answer));
          assert.equal(answer.value.status, 200);
        }
      } finally {
        transport.dispose();
      }
    });
  }
});
