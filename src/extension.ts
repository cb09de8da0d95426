import type * as vscode from 'vscode';
import { register, type Core, type Plans, type Views } from './editor/entry.ts';

interface CoreModule {
  start(context: vscode.ExtensionContext, views: Views): Core;
  startPlans(): Plans;
}

/**
 * The small entry: registers views and commands and nothing else. Everything that reads a kubeconfig or opens a socket is in `core`,
 * a bundle of its own that is loaded when a view opens, a command runs or a plan file is open (esbuild cannot split CommonJS).
 */
export function activate(context: vscode.ExtensionContext): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundle is CommonJS
  const core = (): CoreModule => require('./core.cjs') as CoreModule;
  register(context, {
    core: (views) => core().start(context, views),
    plans: () => core().startPlans(),
  });
}
