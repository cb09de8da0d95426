import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A plain TCP relay that can stop relaying. */
export interface TcpGate {
  readonly port: number;
  readonly connections: () => { readonly open: number; readonly total: number };
  /** Number of the client's connection, from 1, that reached the target from this port of ours. */
  readonly connectionOf: (portAtTarget: number) => number;
  /** Resets every open connection. */
  readonly cutAll: () => void;
  /** From now on no byte passes in either direction, and new connections are taken but lead nowhere. */
  readonly freeze: () => void;
  /** Ends `freeze`: what was sent meanwhile arrives. */
  readonly thaw: () => void;
  /** Resets every connection and refuses new ones. */
  readonly refuse: () => Promise<void>;
  /** Ends `refuse`, at the same address. */
  readonly accept: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly target: Socket;
}

/** Listens on a free port of `listenAddress` and relays to a loopback port. */
export async function openTcpGate(targetPort: number, listenAddress: string): Promise<TcpGate> {
  const pairs = new Set<Pair>();
  const waiting = new Set<Socket>();
  const numbers = new Map<number, number>();
  let frozen = false;
  let total = 0;
  const relay = (client: Socket): void => {
    const number = ++total;
    const target = connect(targetPort, '127.0.0.1', () => {
      numbers.set(target.localPort ?? 0, number);
      if (frozen) return;
      startRelay(pair);
    });
    const pair = { client, target };
    pairs.add(pair);
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        pairs.delete(pair);
        // What this side had still sent must reach the other before it is closed.
        other.destroySoon();
      });
    }
  };
  const server = createServer({ pauseOnConnect: true }, (client) => {
    if (!frozen) {
      relay(client);
      return;
    }
    waiting.add(client);
    client.on('error', () => undefined);
    client.once('close', () => waiting.delete(client));
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, listenAddress);
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cutAll = (): void => {
    for (const { client } of pairs) client.resetAndDestroy();
    for (const client of waiting) client.resetAndDestroy();
  };
  const refuse = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : Promise.resolve();
    server.close();
    cutAll();
    await closed;
  };
  return {
    port,
    connections: () => ({ open: pairs.size + waiting.size, total: total + waiting.size }),
    connectionOf: (portAtTarget) => numbers.get(portAtTarget) ?? 0,
    cutAll,
    freeze: () => {
      frozen = true;
      for (const pair of pairs) stopRelay(pair);
    },
    thaw: () => {
      frozen = false;
      for (const pair of pairs) startRelay(pair);
      for (const client of waiting) {
        client.removeAllListeners('close');
        relay(client);
      }
      waiting.clear();
    },
    refuse,
    accept: () => listen(port),
    stop: refuse,
  };
}

function startRelay({ client, target }: Pair): void {
  client.pipe(target);
  target.pipe(client);
}

function stopRelay({ client, target }: Pair): void {
  client.unpipe(target);
  target.unpipe(client);
  client.pause();
  target.pause();
}
