import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { queryText } from '../base/query.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { HttpAccess, HttpAnswer } from './access.ts';
import { say } from './metrics.l10n.ts';

/** How to reach a Prometheus or an Alertmanager by URL. Secrets come from the editor's secret storage, bound to this origin. */
export interface DirectOptions {
  readonly url: string;
  /** Id of the setting that named the URL, for messages. */
  readonly setting: string;
  readonly token?: string;
  readonly basic?: { readonly user: string; readonly password: string };
  /** PEM. */
  readonly certificate?: string;
  readonly key?: string;
  readonly ca?: string;
  /** Value of `X-Scope-OrgID` for Mimir and its kin; several tenants joined by `|`. */
  readonly tenant?: string;
}

const maxMiB = 16;
const headerTimeoutMs = 15_000;

/** Checks the URL before anything is sent: http or https, never link-local addresses, where cloud credentials live. */
export function directAccess(options: DirectOptions): Result<HttpAccess, Text> {
  const { setting } = options;
  const base = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    return err(say('metrics.badUrl', { url: options.url, setting }));
  }
  if (isLinkLocal(base.hostname))
    return err(say('metrics.linkLocal', { url: options.url, setting }));
  const publicUrl = `${base.origin}${base.pathname.replace(/\/$/, '')}`;
  return ok({
    title: say('metrics.foundUrl', { url: publicUrl }),
    publicUrl,
    get(path, query, signal) {
      const url = new URL(publicUrl + path);
      url.search = queryText(query);
      return request(url, options, signal);
    },
  });
}

function isLinkLocal(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(address) === 4) return address.startsWith('169.254.');
  return isIP(address) === 6 && (/^fe[89ab]/.test(address) || address === 'fd00:ec2::254');
}

function request(
  url: URL,
  options: DirectOptions,
  signal: AbortSignal,
): Promise<Result<HttpAnswer, Text>> {
  const send = url.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      resolve(err(say('metrics.unreachable', { url: url.origin, reason: error.message })));
    };
    const call = send(
      url,
      {
        method: 'GET',
        signal,
        timeout: headerTimeoutMs,
        headers: headersOf(options),
        ...(options.ca !== undefined && { ca: options.ca }),
        ...(options.certificate !== undefined && { cert: options.certificate }),
        ...(options.key !== undefined && { key: options.key }),
      },
      (answer) => {
        collect(answer, url).then(resolve, fail);
      },
    );
    call.on('error', fail);
    call.on('timeout', () =>
      call.destroy(new Error(`no answer in ${String(headerTimeoutMs / 1000)} s`)),
    );
    call.end();
  });
}

function headersOf(options: DirectOptions): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.tenant) headers['X-Scope-OrgID'] = options.tenant;
  if (options.token) headers['Authorization'] = `Bearer ${options.token}`;
  else if (options.basic) {
    const { user, password } = options.basic;
    headers['Authorization'] = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  return headers;
}

/** Redirects are not followed: the credentials belong to the origin that was set. */
async function collect(answer: http.IncomingMessage, url: URL): Promise<Result<HttpAnswer, Text>> {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    answer.destroy();
    return err(say('metrics.redirect', { to: answer.headers.location ?? '?', url: url.origin }));
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxMiB * 1024 * 1024) {
      answer.destroy();
      return err(say('metrics.tooLarge', { mib: maxMiB }));
    }
    chunks.push(chunk);
  }
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name] = String(value);
  return ok({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
}
