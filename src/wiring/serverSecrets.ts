import { readFile } from 'node:fs/promises';
import type { Credential, Credentials } from '../editor/commands/ports.ts';
import type { EditorSettings, Server } from '../editor/settings.ts';
import type { DirectOptions } from '../metrics/directAccess.ts';

/** The editor's secret storage, as far as it is needed. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** Credentials for a Prometheus or an Alertmanager, kept under the origin (scheme, host, port) that they may be sent to, and never anywhere else. */
export class ServerSecrets implements Credentials {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  async save(origin: string, credential: Credential): Promise<void> {
    await this.#secrets.store(keyOf(origin), JSON.stringify(credential));
  }

  async forget(origin: string): Promise<void> {
    await this.#secrets.delete(keyOf(origin));
  }

  /** How to reach the server that the settings name for a context; undefined when they name none. */
  async directOptions(
    settings: EditorSettings,
    server: Server,
    context: string,
  ): Promise<DirectOptions | undefined> {
    const { url, tenant, caFile, certificateFile, keyFile } = settings.serverOf(server, context);
    if (url === '') return undefined;
    const [ca, certificate, key] = await Promise.all([caFile, certificateFile, keyFile].map(pemOf));
    return {
      url,
      setting: `cablecar.${server}.url`,
      ...(tenant !== '' && { tenant }),
      ...(ca !== undefined && { ca }),
      ...(certificate !== undefined && { certificate }),
      ...(key !== undefined && { key }),
      ...(await this.#credential(url)),
    };
  }

  async #credential(url: string): Promise<Pick<DirectOptions, 'token' | 'basic'>> {
    if (!URL.canParse(url)) return {};
    const text = await this.#secrets.get(keyOf(new URL(url).origin));
    if (text === undefined) return {};
    const credential = JSON.parse(text) as Credential;
    if (credential.kind === 'bearer') return { token: credential.token };
    return { basic: { user: credential.user, password: credential.password } };
  }
}

/** The word is from before Alertmanager; stored secrets have it. */
function keyOf(origin: string): string {
  return `prometheus ${origin}`;
}

async function pemOf(file: string): Promise<string | undefined> {
  return file === '' ? undefined : readFile(file, 'utf8');
}
