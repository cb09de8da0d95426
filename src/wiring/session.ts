import { Emitter, type Disposable } from '../base/emitter.ts';
import { err, ok } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { ClusterSession, type SessionOptions } from '../cluster/session.ts';
import { say } from '../cluster/cluster.l10n.ts';
import type { Connection } from '../model/cluster.ts';
import { namespaces } from '../model/kinds.ts';
import { resourceId } from '../model/objects.ts';
import type { Session } from '../editor/clusterPorts.ts';

/** A session of the cluster layer as the editor needs it: it follows everything while it is open. */
export function openSession(options: SessionOptions): Session {
  const session = new ClusterSession(options);
  const following = session.follow();
  const connection = new Emitter<Connection>();
  const parts: Disposable[] = [
    session.onDidChangeStatus((status) => {
      connection.fire(status);
    }),
    connection,
    following,
    session,
  ];
  const namesOf = (): readonly string[] =>
    session
      .snapshot()
      .list(resourceId(namespaces))
      .map((object) => object.meta.name)
      .sort();
  return {
    get connection() {
      return session.status;
    },
    onDidChangeConnection: connection.event,
    onDidChangeObjects: session.onDidChangeObjects,
    get scope() {
      return options.namespaces ?? [];
    },
    get partial(): Text | undefined {
      return session.gaps[0];
    },
    snapshot: () => session.snapshot(),
    fetch: (ref, signal) => session.fetch(ref, signal),
    list: (resource, where, signal) => session.list(resource, where, signal),
    send: (change, how, signal) => session.send(change, how, signal),
    allows: (verb, ref, signal) => session.allows(verb, ref, signal),
    served: (resource) => session.served(resource),
    lastWriter: (object) => session.lastWriter(object),
    proxyGet: (path, query, signal) => session.proxyGet(path, query, signal),
    async identity(signal) {
      const identity = await session.identity(signal);
      if (!identity.ok)
        throw new Error('The cluster could not be identified', { cause: identity.error });
      return identity.value.id;
    },
    async namespaces(signal) {
      const answer = await session.proxyGet('/api/v1/namespaces', {}, signal);
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      if (status === 200) return ok(namesIn(body));
      const reason = `HTTP ${String(status)}.`;
      return status === 403 ? ok(namesOf()) : err(say('cluster.serverError', { status, reason }));
    },
    refresh: () => {
      session.retry();
    },
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}

function namesIn(body: string): readonly string[] {
  try {
    const list = JSON.parse(body) as {
      readonly items?: readonly { readonly metadata?: { readonly name?: string } }[];
    };
    return (list.items ?? []).flatMap((item) => item.metadata?.name ?? []).sort();
  } catch {
    return [];
  }
}
