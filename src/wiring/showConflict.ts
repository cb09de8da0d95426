import type { Clusters } from '../editor/clusters.ts';
import type { ClusterDocuments } from '../editor/documents.ts';
import { objectYaml } from '../editor/objectYaml.ts';
import { refText } from '../model/objects.ts';
import type { OperationError } from '../operations/execute.ts';

/** Opens what the object holds now, with what was to be written to it in a comment on top. */
export async function showConflict(
  parts: {
    readonly clusters: Clusters;
    readonly documents: ClusterDocuments;
  },
  context: string,
  error: OperationError,
): Promise<void> {
  const { change } = error;
  const session = parts.clusters.session(context);
  if (change === undefined || session === undefined) return;
  const read = await session.fetch(change.target, AbortSignal.timeout(15_000));
  if (!read.ok) return;
  const wanted = change.fields.map(({ label, from, to }) => `#   ${label}: ${from} → ${to}`);
  const head = [`# ${refText(change.target)}`, ...wanted, ''].join('\n');
  const name = `${change.target.resource.kind} ${change.target.name}.yaml`;
  await parts.documents.open(name, head + objectYaml(read.value.raw));
}
