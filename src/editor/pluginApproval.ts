import { createHash } from 'node:crypto';
import type { Text } from '../base/text.ts';
import { say } from './pluginApproval.l10n.ts';
import type { Ui } from './ui.ts';

/** A program that a kubeconfig names, before its first run. */
export interface PluginCall {
  readonly context: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly envNames: readonly string[];
  readonly key: string;
}

/** Where approvals are remembered; only hashes of what was approved. */
export interface Memory {
  get(key: string): readonly string[];
  update(key: string, value: readonly string[]): PromiseLike<void>;
}

const memoryKey = 'approvedPlugins';

/** Asks once for each command with its arguments and the names it sets, and remembers a yes (handbook/security.md 2). */
export function pluginApproval(
  ui: Ui,
  memory: Memory,
  render: (text: Text) => string,
): (call: PluginCall) => Promise<boolean> {
  return async (call) => {
    const approved = memory.get(memoryKey);
    const hash = createHash('sha256').update(call.key).digest('hex');
    if (approved.includes(hash)) return true;
    const allow = render(say('plugin.allow'));
    const lines = [
      say('plugin.program', { program: call.program }),
      ...(call.args.length > 0 ? [say('plugin.args', { args: call.args.join(' ') })] : []),
      ...(call.envNames.length > 0 ? [say('plugin.env', { names: call.envNames.join(', ') })] : []),
    ];
    const answer = await ui.ask({
      message: render(say('plugin.question', { context: call.context })),
      detail: lines.map(render).join('\n'),
      buttons: [allow],
    });
    if (answer !== allow) return false;
    await memory.update(memoryKey, [...approved, hash]);
    return true;
  };
}
