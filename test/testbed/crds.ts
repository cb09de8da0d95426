import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { Progress } from './cache.ts';
import { goFiles, type GoFiles } from './goFiles.ts';
import type { KubeApi, KubeObject } from './kubeApi.ts';
import { waitFor } from './processes.ts';

/** The APIs the testbed can install, each from the module in which its project publishes it. */
export const CRDS = {
  'gateway-api': { module: 'sigs.k8s.io/gateway-api@v1.6.3', paths: ['config/crd/standard'] },
  istio: {
    module: 'istio.io/api@v1.31.4',
    paths: ['kubernetes/customresourcedefinitions.gen.yaml'],
  },
  'argo-rollouts': {
    module: 'github.com/argoproj/argo-rollouts@v1.10.1',
    paths: [
      'rollout-crd',
      'analysis-run-crd',
      'analysis-template-crd',
      'cluster-analysis-template-crd',
      'experiment-crd',
    ].map((file) => `manifests/crds/${file}.yaml`),
  },
  flagger: { module: 'github.com/fluxcd/flagger@v1.44.0', paths: ['artifacts/flagger/crd.yaml'] },
  openkruise: { module: 'github.com/openkruise/rollouts@v0.6.2', paths: ['config/crd/bases'] },
  knative: { module: 'knative.dev/serving@v0.51.0', paths: ['config/core/300-resources'] },
  argocd: {
    module: 'github.com/argoproj/argo-cd/v3@v3.5.7',
    paths: ['manifests/crds/application-crd.yaml'],
  },
} as const satisfies Record<string, GoFiles>;

/** Name of an API in `CRDS`. */
export type CrdName = keyof typeof CRDS;

/** Installs the named APIs and waits until the server serves each. */
export async function installCrds(
  api: KubeApi,
  names: readonly CrdName[],
  onProgress: Progress,
): Promise<void> {
  const definitions: KubeObject[] = [];
  for (const name of names)
    for (const file of await goFiles(CRDS[name], onProgress))
      definitions.push(...definitionsIn(file));
  await Promise.all(definitions.map((definition) => api.ensure(COLLECTION, definition)));
  await waitFor({ what: 'the CRDs to be served', timeoutMs: 60_000 }, async () => {
    const { items } = (await api.ok('GET', COLLECTION)).json as { items: KubeObject[] };
    const served = new Set(items.filter(isEstablished).map((item) => item.metadata.name));
    const missing = definitions.map((one) => one.metadata.name).filter((name) => !served.has(name));
    return missing.length === 0 ? { done: undefined } : { seen: `not yet ${missing.join(', ')}` };
  });
}

const COLLECTION = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Published files hold other kinds too, and are laxer about indentation than the YAML standard. */
function definitionsIn(file: string): readonly KubeObject[] {
  return parseAllDocuments(readFileSync(file, 'utf8'), { logLevel: 'silent' })
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object): object is KubeObject => object?.kind === 'CustomResourceDefinition');
}

function isEstablished(definition: KubeObject): boolean {
  const { conditions } = definition['status'] as {
    conditions?: { type: string; status: string }[];
  };
  return conditions?.some((one) => one.type === 'Established' && one.status === 'True') === true;
}
