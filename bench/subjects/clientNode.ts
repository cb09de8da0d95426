import { CoreV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { namesOf } from '../objects.ts';
import { answerTasks } from '../worker.ts';
import { heapBytes, longestBlock, timed, type Address } from './subject.ts';

/** The usual way in Node: the official client, whole and typed. */
const config = new KubeConfig();
let core: CoreV1Api | undefined;

answerTasks({
  connect: ({ kubeconfigPath }: Address) => {
    config.loadFromFile(kubeconfigPath);
    core = config.makeApiClient(CoreV1Api);
  },
  expand: () => timed(services),
  block: () => longestBlock(services),
  calls: ({ count }: { readonly count: number }) =>
    timed(async () => {
      for (let index = 0; index < count; index += 1)
        await core?.readNamespacedService(namesOf(index));
    }),
  heap: async () => {
    const before = await heapBytes();
    const kept = [await services(), await virtualServices()];
    const after = await heapBytes();
    return kept.length === 2 ? after - before : 0;
  },
});

async function services(): Promise<unknown> {
  return core?.listServiceForAllNamespaces();
}

function virtualServices(): Promise<unknown> {
  const api = config.makeApiClient(CustomObjectsApi);
  const kind = { group: 'networking.istio.io', version: 'v1', plural: 'virtualservices' };
  return api.listClusterCustomObject(kind);
}
