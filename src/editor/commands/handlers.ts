import { walkthroughId, type CommandId } from '../contributions.ts';
import { exportAlertRule } from '../plan/exportAlertRule.ts';
import { newReleasePlan } from '../plan/newReleasePlan.ts';
import { plainText } from '../plainText.ts';
import { chooseNamespaces } from './chooseNamespaces.ts';
import { say } from './commands.l10n.ts';
import { endCanary } from './endCanary.ts';
import { clearFilter, filter } from './filter.ts';
import { openInGrafana, openInPrometheus } from './openElsewhere.ts';
import { openMetrics } from './openMetrics.ts';
import { openRollout } from './openRollout.ts';
import type { CommandContext, CommandHandler } from './ports.ts';
import { promote } from './promote.ts';
import { rollback } from './rollback.ts';
import { copyKubectl, copyName, copyYaml, openYaml } from './rowObject.ts';
import { setAlertmanager, setPrometheus } from './setServer.ts';
import { setMatch } from './setMatch.ts';
import { setWeight } from './setWeight.ts';
import { startCanary } from './startCanary.ts';
import { testAlertmanager, testPrometheus } from './testServer.ts';
import { runPlan } from './runPlan.ts';
import { tellRun } from './tellRun.ts';
import { undo } from './undo.ts';
import { undoRevision } from './undoRevision.ts';
import { finish, pause, resume, setBatch, setSurge } from './updates.ts';
import { useContext } from './useContext.ts';

/** Commands that need the core; validating a plan does not, and runs without it. */
type CoreCommandId = Exclude<CommandId, 'cablecar.validatePlan'>;

/** Every command of contributions.ts; one without a handler does not compile. */
const handlers: Readonly<Record<CoreCommandId, CommandHandler>> = {
  'cablecar.openRollout': openRollout,
  'cablecar.openMetrics': openMetrics,
  'cablecar.setWeight': setWeight,
  'cablecar.setMatch': setMatch,
  'cablecar.promote': promote,
  'cablecar.rollback': rollback,
  'cablecar.undo': undo,
  'cablecar.runPlan': runPlan,
  'cablecar.tellRun': tellRun,
  'cablecar.startCanary': startCanary,
  'cablecar.pause': pause,
  'cablecar.resume': resume,
  'cablecar.setBatch': setBatch,
  'cablecar.setSurge': setSurge,
  'cablecar.finish': finish,
  'cablecar.undoRevision': undoRevision,
  'cablecar.endCanary': endCanary,
  'cablecar.newReleasePlan': newReleasePlan,
  'cablecar.exportAlertRule': exportAlertRule,
  'cablecar.useContext': useContext,
  'cablecar.chooseNamespaces': chooseNamespaces,
  'cablecar.setPrometheus': setPrometheus,
  'cablecar.testPrometheus': testPrometheus,
  'cablecar.setAlertmanager': setAlertmanager,
  'cablecar.testAlertmanager': testAlertmanager,
  'cablecar.filter': filter,
  'cablecar.clearFilter': clearFilter,
  'cablecar.refresh': (ctx) => ctx.contexts.refresh(),
  'cablecar.openYaml': openYaml,
  'cablecar.openInPrometheus': openInPrometheus,
  'cablecar.openInGrafana': openInGrafana,
  'cablecar.copyName': copyName,
  'cablecar.copyYaml': copyYaml,
  'cablecar.copyKubectl': copyKubectl,
  'cablecar.showLog': (ctx) => {
    ctx.showLog();
    return Promise.resolve();
  },
  'cablecar.copySupportReport': async (ctx) => {
    await ctx.ui.copy(ctx.supportReport());
    await ctx.ui.inform(ctx.render(say('report.copied')));
  },
  'cablecar.openWalkthrough': (ctx) =>
    ctx.ui.runCommand('workbench.action.openWalkthrough', `${ctx.extensionId}#${walkthroughId}`),
};

export function isCommandId(id: string): id is CoreCommandId {
  return Object.hasOwn(handlers, id);
}

/** Runs a command. What it throws is a bug or cancelled work: logged with its context, and shown in one sentence; never thrown on. */
export async function runCommand(
  ctx: CommandContext,
  id: CoreCommandId,
  target: unknown,
): Promise<void> {
  try {
    await handlers[id](ctx, target);
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return;
    ctx.logError(`The command ${id} failed`, error);
    const reason = error instanceof Error ? error.message : String(error);
    const showLog = ctx.render(say('command.showLog'));
    const text = plainText(ctx.render(say('command.failed', { command: id, reason })));
    if ((await ctx.ui.fail(text, showLog)) === showLog) ctx.showLog();
  }
}
