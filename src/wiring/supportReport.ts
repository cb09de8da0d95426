import { createHash } from 'node:crypto';
import { arch, platform, release } from 'node:os';
import type { CommandParts } from './commandContext.ts';

/** Facts for an issue, without names: contexts, servers and files are hashed, so that two reports can be compared and nothing is given away. */
export function supportReport(parts: CommandParts): string {
  const { clusters, kubeconfigs, extension, remoteName, settings } = parts;
  const manifest = extension.packageJSON as { readonly version: string };
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
    cablecar: manifest.version,
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
