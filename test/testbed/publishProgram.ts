import type { ControlPlane } from './controlPlane.ts';
import { playsPods } from './podNetwork.ts';
import { waitFor } from './processes.ts';

/** A program on loopback, and where a cluster would have it. */
export interface PublishedProgram {
  readonly namespace: string;
  /** Name of the Service and of the Deployment. */
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly servicePort: { readonly name: string; readonly port: number };
  readonly podPort: number;
  /** The program's port on loopback. */
  readonly playedBy: number;
  /** Answers 200 when it is ready. */
  readonly readyPath: string;
}

/** Makes a Service with a pod behind it, which the API server's service proxy leads to the program. Resolves when it does. */
export async function publishProgram(
  controlPlane: ControlPlane,
  program: PublishedProgram,
): Promise<void> {
  const { namespace, service: name, labels, servicePort, podPort } = program;
  const { api } = controlPlane;
  controlPlane.podNetwork.play(playsPods({ namespace, labels }, { [podPort]: program.playedBy }));
  await api.ensure('/api/v1/namespaces', { metadata: { name: namespace } });
  await api.ensure(`/apis/apps/v1/namespaces/${namespace}/deployments`, deploymentOf(program));
  await api.ensure(`/api/v1/namespaces/${namespace}/services`, {
    metadata: { name, labels },
    spec: { selector: labels, ports: [{ ...servicePort, targetPort: podPort }] },
  });
  await controlPlane.waitForDeployment(namespace, name);
  const what = `${namespace}/${name} through the API server`;
  const proxy = `/api/v1/namespaces/${namespace}/services/${name}:${String(servicePort.port)}/proxy`;
  await waitFor({ what, timeoutMs: 30_000 }, async () => {
    const response = await api.request('GET', `${proxy}${program.readyPath}`);
    return response.status === 200 ? { done: undefined } : { seen: response.text };
  });
}

function deploymentOf({ service: name, labels, image, servicePort, podPort }: PublishedProgram) {
  const port = { name: servicePort.name, containerPort: podPort };
  return {
    metadata: { name, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name, image, ports: [port] }] },
      },
    },
  };
}
