import type { Cluster } from '@kubernetes/client-node/dist/config_types.js';

/** What says through which proxy a cluster is reached, beside `proxy-url` of its kubeconfig entry. */
export interface ProxySettings {
  /** VS Code's `http.proxy`; '' or absent: none. */
  readonly setting?: string;
  /** VS Code's `http.noProxy`. */
  readonly noProxy?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Address of the proxy, or `undefined` for a direct connection. The kubeconfig's `proxy-url` comes first and knows no exceptions, as for
 * kubectl; then the editor's setting; then `HTTPS_PROXY` (or `HTTP_PROXY` for http). This machine is never reached through a proxy.
 */
export function proxyOf(
  cluster: Pick<Cluster, 'proxyUrl'>,
  server: URL,
  settings: ProxySettings,
): string | undefined {
  if (cluster.proxyUrl) return cluster.proxyUrl;
  const { env } = settings;
  const read = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const fromEnv = server.protocol === 'https:' ? read('HTTPS_PROXY') : read('HTTP_PROXY');
  const proxy = settings.setting?.trim() || fromEnv;
  if (proxy === '') return undefined;
  const exceptions = [...(settings.noProxy ?? []), ...read('NO_PROXY').split(/[\s,]+/)];
  if (isThisMachine(server.hostname) || exceptions.some((rule) => isExcepted(server, rule)))
    return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

/** A name covers its subdomains, as in Go and curl; `*`, ports, and IPv4 ranges are understood. */
function isExcepted(server: URL, rule: string): boolean {
  const wanted = rule.trim().toLowerCase();
  if (wanted === '') return false;
  if (wanted === '*') return true;
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(wanted.replace(/^\*?\./, '')) ?? [];
  if (port !== undefined && port !== (server.port || defaultPort(server))) return false;
  if (name.includes('/')) return isInRange(server.hostname, name);
  return server.hostname === name || server.hostname.endsWith(`.${name}`);
}

function defaultPort(server: URL): string {
  return server.protocol === 'https:' ? '443' : '80';
}

function isInRange(host: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const address = ipv4(host);
  const base = ipv4(network);
  const length = Number(bits);
  if (address === undefined || base === undefined || !(length >= 0 && length <= 32)) return false;
  const size = 2 ** (32 - length);
  return Math.floor(address / size) === Math.floor(base / size);
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => part >= 0 && part <= 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
