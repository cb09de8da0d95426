import type { UrlQuery } from '../base/query.ts';
import type { Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';

/** One HTTP answer. `body` is at most 16 MiB. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** GET on the API server's own paths: what the cluster layer lends to metrics. */
export type ApiServerGet = (
  path: string,
  query: UrlQuery,
  signal: AbortSignal,
) => Promise<Result<HttpAnswer, Text>>;

/** A way to a Prometheus or an Alertmanager: through the API server's service proxy, or by URL. Expected failures are texts. */
export interface HttpAccess {
  /** For messages and for "where do these numbers come from". */
  readonly title: Text;
  /** Base URL a person can open; absent when it is reached through the API server. */
  readonly publicUrl?: string;
  get(path: string, query: UrlQuery, signal: AbortSignal): Promise<Result<HttpAnswer, Text>>;
}
