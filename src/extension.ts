import type * as vscode from 'vscode';
import { register, type Core, type Views } from './editor/entry.ts';

/**
 * The small entry: registers views and commands and nothing else. Everything that reads a kubeconfig or opens a socket is in `core`,
 * a bundle of its own that is loaded when a view opens or a command runs (esbuild cannot split CommonJS).
 */
export function activate(context: vscode.ExtensionContext): void {
  register(context, (views) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundle is CommonJS
    const core = require('./core.cjs') as {
      start(context: vscode.ExtensionContext, views: Views): Core;
    };
    return core.start(context, views);
  });
}
