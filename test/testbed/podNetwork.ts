import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { follow, type KubeApi, type KubeObject } from './kubeApi.ts';

/**
 * The loopback port of the program that plays this port of this pod; `undefined` when this player does not play it.
 */
export type Player = (pod: KubeObject, port: number) => number | undefined;

/**
 * What the API server takes for the pod network: pods have addresses that do not exist, and each connection to one is led to
 * the loopback program that plays the pod. Who plays is said, in the order they are asked, by the pod's annotation
 * `testbed/port-<port>: "<loopback port>"`, which works from any process and in a pod template, and by the players of `play`.
 */
export interface PodNetwork {
  readonly socket: string;
  /** Starts following the pods; resolves when those that exist are known. */
  readonly attach: (api: KubeApi) => Promise<void>;
  /** Adds a player, asked after those before it; the returned function takes it out again. */
  readonly play: (player: Player) => () => void;
  readonly stop: () => void;
}

/** Serves HTTP CONNECT on a Unix socket, as the API server's egress selector wants it. */
export async function startPodNetwork(socket: string): Promise<PodNetwork> {
  const pods = new Map<string, KubeObject>();
  const players = new Set<Player>();
  const open = new Set<Duplex>();
  let stopFollowing: () => void = () => undefined;
  const server = createServer();
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    const target = targetOf(request.url ?? '', pods, players);
    if (typeof target === 'string') {
      client.end(`HTTP/1.1 502 Bad Gateway\r\n\r\n${target}`);
      return;
    }
    join(client, target, open);
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    socket,
    attach: async (api) => {
      const following = follow(api, '/api/v1/pods', (change, pod) => {
        const address = addressOf(pod);
        if (address === undefined) return;
        if (change === 'present') pods.set(address, pod);
        else if (pods.get(address)?.metadata.uid === pod.metadata.uid) pods.delete(address);
      });
      stopFollowing = following.stop;
      await following.ready;
    },
    play: (player) => {
      players.add(player);
      return () => players.delete(player);
    },
    stop: () => {
      stopFollowing();
      server.close();
      for (const stream of open) stream.destroy();
      rmSync(socket, { force: true });
    },
  };
}

/** A player for the pods of a namespace that have all these labels; `ports` maps pod ports to loopback ports. */
export function playsPods(
  pods: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  ports: Readonly<Record<number, number>>,
): Player {
  return (pod, port) =>
    pod.metadata.namespace === pods.namespace &&
    Object.entries(pods.labels).every(([key, value]) => pod.metadata.labels?.[key] === value)
      ? ports[port]
      : undefined;
}

/** The loopback port for `address:port`, or a sentence why there is none. */
function targetOf(
  authority: string,
  pods: ReadonlyMap<string, KubeObject>,
  players: ReadonlySet<Player>,
): number | string {
  const { hostname, port } = new URL(`http://${authority}`);
  const wanted = Number(port === '' ? '80' : port);
  const pod = pods.get(hostname);
  if (pod === undefined) return `no pod has the address ${hostname}`;
  const annotated = pod.metadata.annotations?.[`testbed/port-${String(wanted)}`];
  if (annotated !== undefined) return Number(annotated);
  for (const player of players) {
    const played = player(pod, wanted);
    if (played !== undefined) return played;
  }
  return `nobody plays port ${String(wanted)} of pod ${pod.metadata.name}`;
}

function join(client: Duplex, port: number, open: Set<Duplex>): void {
  const program = connect(port, '127.0.0.1');
  for (const stream of [client, program]) {
    open.add(stream);
    stream.once('close', () => {
      open.delete(stream);
      client.destroy();
      program.destroy();
    });
    stream.on('error', () => stream.destroy());
  }
  program.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    program.pipe(client).pipe(program);
  });
}

function addressOf(pod: KubeObject): string | undefined {
  return (pod['status'] as { podIP?: string } | undefined)?.podIP;
}
