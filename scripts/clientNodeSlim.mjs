/**
 * An esbuild plugin that takes from `@kubernetes/client-node` only what reads kubeconfigs: its modules count as free of side effects, so that
 * the generated API is left out, and `undici`, which only that API calls, becomes a stub that throws; `js-yaml` becomes a parser of JSON, for it is handed nothing else.
 * 1.4 MB become 0.2 MB.
 */
export function clientNodeSlim() {
  return {
    name: 'client-node-slim',
    setup(build) {
      const isClient = (file) => /[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]/.test(file);
      build.onResolve({ filter: /^(undici|js-yaml)$/ }, ({ path, importer }) =>
        isClient(importer) ? { path, namespace: 'stub' } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({
        contents: `
          const refuse = () => { throw new Error('This part of client-node is not in this bundle.'); };
          export class Agent { constructor() { refuse(); } }
          export class ProxyAgent { constructor() { refuse(); } }
          export const fetch = refuse, FormData = refuse, Headers = refuse, Request = refuse, Response = refuse, setGlobalDispatcher = refuse, buildConnector = refuse, Socks5ProxyAgent = refuse;
          // A kubeconfig reaches it as JSON.
          export const load = JSON.parse, loadAll = refuse, dump = refuse;
          export default {};`,
        loader: 'js',
      }));
      build.onResolve({ filter: /^(\.|@kubernetes\/client-node)/ }, async (args) => {
        if (args.pluginData === 'client-node-slim') return undefined;
        const found = await build.resolve(args.path, {
          kind: args.kind,
          importer: args.importer,
          resolveDir: args.resolveDir,
          pluginData: 'client-node-slim',
        });
        if (found.errors.length > 0 || !isClient(found.path)) return undefined;
        return { ...found, sideEffects: /polyfill\.js$/.test(found.path) };
      });
    },
  };
}
