import { createHash } from 'node:crypto';
import { arch, platform, release } from 'node:os';
import type { Clusters } from '../editor/clusters.ts';
import type { Kubeconfigs } from '../editor/clusterPorts.ts';
import type { EditorSettings } from '../editor/settings.ts';

export interface ReportParts {
  readonly clusters: Clusters;
  readonly kubeconfigs: Kubeconfigs;
  readonly settings: EditorSettings;
  readonly version: string;
  readonly remoteName: string | undefined;
}

/** Facts for an issue, without names: contexts, servers and files are hashed, so that two reports can be compared and nothing is given away. */
export function supportReport(parts: ReportParts): string {
  const { clusters, kubeconfigs, remoteName, settings, version } = parts;
  const contexts = clusters.inventory().contexts.map((context) => ({
    context: hashed(context.name),
    current: context.current,
    protected: context.protected,
    connection: context.connection.kind,
    namespaces: context.namespaces.length,
    services: context.namespaces.reduce((sum, n) => sum + n.services.length, 0),
    rollouts: context.rollouts.map((rollout) => ({
      backend: rollout.backend,
      owner: rollout.owner?.name ?? 'nobody',
      problems: rollout.problems.map((problem) => problem.text.key),
    })),
  }));
  const report = {
    cablecar: version,
    node: process.versions.node,
    system: `${platform()} ${release()} ${arch()}`,
    remote: remoteName ?? 'none',
    readOnly: settings.readOnly,
    kubeconfigFiles: kubeconfigs.state.files.length,
    kubeconfigProblem: kubeconfigs.state.problem?.key ?? 'none',
    contexts,
  };
  return `\`\`\`json\n${JSON.stringify(report, undefined, 2)}\n\`\`\``;
}

function hashed(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}
