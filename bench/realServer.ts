import { start } from '../test/testbed/index.ts';
import type { Identity, KubeApi } from '../test/testbed/kubeApi.ts';
import { COUNT, namesOf, serviceObject } from './objects.ts';
import type { Address } from './subjects/subject.ts';

/** Enough to keep the API server busy; more only makes it queue. */
const AT_ONCE = 32;

/** Does the work against a kube-apiserver of its own that holds the Services of the bench, and no controllers. Says how long filling took. */
export async function withRealServer<T>(work: (address: Address) => Promise<T>): Promise<T> {
  const testbed = await start({
    controlPlane: { controllers: false },
    onProgress: (line) => {
      process.stdout.write(`  ${line}\n`);
    },
  });
  try {
    const { api, facts } = testbed.controlPlane;
    const startMs = performance.now();
    await fill(api);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    process.stdout.write(`  ${String(COUNT)} Services created in ${seconds} s\n`);
    const { kubeconfigPath, server } = facts.admin;
    return await work({ url: server, kubeconfig: kubeconfigOf(facts.admin), kubeconfigPath });
  } finally {
    await testbed.stop();
  }
}

/** The part that `tlsOf` reads. */
function kubeconfigOf({ caPem, certPem, keyPem }: Identity): string {
  const encoded = (pem: string): string => Buffer.from(pem).toString('base64');
  return JSON.stringify({
    clusters: [{ cluster: { 'certificate-authority-data': encoded(caPem) } }],
    users: [
      {
        user: {
          'client-certificate-data': encoded(certPem),
          'client-key-data': encoded(keyPem),
        },
      },
    ],
  });
}

async function fill(api: KubeApi): Promise<void> {
  const indexes = Array.from({ length: COUNT }, (_, index) => index);
  const namespaces = new Set(indexes.map((index) => namesOf(index).namespace));
  await inParallel([...namespaces], (name) =>
    api.ok('POST', '/api/v1/namespaces', { metadata: { name } }),
  );
  await inParallel(indexes, (index) => {
    const { namespace } = namesOf(index);
    return api.ok('POST', `/api/v1/namespaces/${namespace}/services`, creatable(index));
  });
}

/** Without what the server sets. Headless, for no address has to be found for it then. */
function creatable(index: number): unknown {
  const { metadata, spec } = serviceObject(index) as {
    metadata: Record<string, unknown>;
    spec: Record<string, unknown>;
  };
  const { labels, annotations } = metadata;
  return {
    metadata: { ...namesOf(index), labels, annotations },
    spec: { ports: spec['ports'], selector: spec['selector'], clusterIP: 'None' },
  };
}

async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const runner = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
}
