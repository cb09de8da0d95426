import { spawn } from 'node:child_process';

/** What kubectl answered. */
export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to call it. */
export interface KubectlOptions {
  /** Given on standard input, for `-f -`. */
  readonly input?: string;
  /** Default: the admin's. */
  readonly kubeconfig?: string;
  /** Default 60 000. */
  readonly timeoutMs?: number;
}

/** The real kubectl on one cluster: the tests' second opinion. */
export interface Kubectl {
  /** Its standard output. Throws with its standard error when it fails. */
  (args: readonly string[], options?: KubectlOptions): Promise<string>;
  /** Any exit code is a result. */
  readonly attempt: (args: readonly string[], options?: KubectlOptions) => Promise<KubectlResult>;
  /** The answer of `kubectl get … -o json`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Any kind of object; the reader knows which.
  readonly json: (args: readonly string[], options?: KubectlOptions) => Promise<any>;
  /** Applies YAML or JSON text. */
  readonly apply: (manifest: string, options?: KubectlOptions) => Promise<string>;
}

/** A kubectl that uses this kubeconfig unless told otherwise. */
export function createKubectl(program: string, kubeconfig: string): Kubectl {
  const attempt: Kubectl['attempt'] = async (args, options = {}) => {
    const child = spawn(program, ['--kubeconfig', options.kubeconfig ?? kubeconfig, ...args], {
      timeout: options.timeoutMs ?? 60_000,
      // Its cache of what the server offers would be shared with other clusters at the same address.
      env: { ...process.env, KUBECACHEDIR: `${kubeconfig}.cache`, KUBECONFIG: '' },
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    const code = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit) => {
        resolve(exit ?? -1);
      });
    });
    const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    return { code: await code, stdout, stderr };
  };
  const run = async (args: readonly string[], options: KubectlOptions = {}): Promise<string> => {
    const result = await attempt(args, options);
    if (result.code !== 0)
      throw new Error(`kubectl ${args.join(' ')}: code ${String(result.code)}: ${result.stderr}`);
    return result.stdout;
  };
  return Object.assign(run, {
    attempt,
    json: async (args: readonly string[], options?: KubectlOptions) =>
      JSON.parse(await run([...args, '-o', 'json'], options)) as unknown,
    apply: (manifest: string, options?: KubectlOptions) =>
      run(['apply', '-f', '-'], { ...options, input: manifest }),
  });
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
