import { speaker, type Catalogue } from '../base/text.ts';

export const operationsWords = {
  'operations.gone': [
    '{object} is gone. Nothing was written. Refresh the view to see what is there now.',
    '{object} 已不存在，未写入任何内容。请刷新视图查看当前状态。',
  ],
  'operations.rolloutGone': [
    '{object} no longer holds a canary of {service}. Nothing was written. Open it to see what it holds now.',
    '{object} 中已没有 {service} 的金丝雀版本，未写入任何内容。请打开它查看当前内容。',
  ],
  'operations.nothingToDo': [
    'Nothing to do: {service} is already there.',
    '无需操作：{service} 已处于该状态。',
  ],
  'operations.conflict': [
    '{object} was changed by {writer} {when} ({was} → {now}). Nothing was written. Look at it and try again.',
    '{object} 已被 {writer} 于{when}修改（{was} → {now}），未写入任何内容。请查看后重试。',
  ],
  'operations.conflictUnknown': [
    '{object} was changed by somebody else since it was read. Nothing was written. Look at it and try again.',
    '{object} 在读取之后被他人修改，未写入任何内容。请查看后重试。',
  ],
  'operations.changedPlan': [
    'Things have changed since this was shown: now it would be “{now}”. Nothing was written. Look at it and try again.',
    '自显示以来情况已发生变化：现在将是“{now}”。未写入任何内容。请查看后重试。',
  ],
  'operations.secondsAgo': ['{n} s ago', '{n} 秒前'],
  'operations.minutesAgo': ['{n} min ago', '{n} 分钟前'],
  'operations.recently': ['just now', '刚才'],
  'operations.somebody': ['somebody', '他人'],
  'operations.refused': [
    '{object}: {reason} Nothing was written.',
    '{object}：{reason}未写入任何内容。',
  ],
  'operations.mutated': [
    'The server would change what is sent: {object} would get {got} at {path}, not {wanted}. Nothing was written. Look for an admission webhook.',
    '服务器会改动所发送的内容：{object} 在 {path} 处将得到 {got}，而不是 {wanted}。未写入任何内容。请检查准入 Webhook。',
  ],
  'operations.mutatedAfter': [
    'The server stored something else: {object} has {got} at {path}, not {wanted}. Roll back or undo, and look for an admission webhook.',
    '服务器保存的内容不同：{object} 在 {path} 处为 {got}，而不是 {wanted}。请回滚或撤销，并检查准入 Webhook。',
  ],
  'operations.unknown': [
    'The answer to the write of {object} was lost, and what it holds now is neither the old nor the new value. Open it and check.',
    '写入 {object} 的应答已丢失，且其当前内容既不是旧值也不是新值。请打开检查。',
  ],
  'operations.unknownUnreachable': [
    'The answer to the write of {object} was lost and the cluster cannot be reached: whether it was written is not known. The history says so until it is.',
    '写入 {object} 的应答已丢失，且无法连接集群：尚不清楚是否已写入。历史记录会一直注明，直到查明。',
  ],
  'operations.notWritten': [
    'The write of {object} did not arrive: {reason} Nothing was changed.',
    '对 {object} 的写入未送达：{reason}未发生任何更改。',
  ],
  'operations.partial': [
    '{done} of {all} changes were written, then {object} failed: {reason} Undo from the history, or try again.',
    '共 {all} 项更改，已写入 {done} 项，随后 {object} 失败：{reason}请从历史记录撤销，或重试。',
  ],
  'operations.notListed': [
    'The revisions of {object} could not be listed: {reason}',
    '无法列出 {object} 的修订版本：{reason}',
  ],
  'operations.missingVerb': [
    'You may not {verb} {resource} in the namespace {namespace}. Ask for that verb in a Role.',
    '您在命名空间 {namespace} 中没有对 {resource} 的 {verb} 权限。请在 Role 中申请该权限。',
  ],
  'operations.gitops': [
    '{owner} manages this object and may write its own value back.',
    '{owner} 管理此对象，可能会把它的值写回。',
  ],
  'operations.notRecorded': [
    'The history could not be written ({reason}), so nothing was sent. Make room for it, then try again; a rollback needs no history.',
    '无法写入历史记录（{reason}），因此未发送任何内容。请腾出空间后重试；回滚不需要历史记录。',
  ],
  'operations.undoOwned': [
    '{owner} decides about {object} now, so nothing was written. {effect}',
    '{object} 现由 {owner} 决定，因此没有写入任何内容。{effect}',
  ],
  'operations.undoNoPods': [
    '{canary} has no ready pod, so the requests that this gives back to it would get errors. Nothing was written. Scale it up, then try again.',
    '{canary} 没有就绪的 Pod，此操作转回给它的请求将会出错。未写入任何内容。请先扩容，然后重试。',
  ],
  'operations.runNotSaved': [
    'The run could not be saved in {object}: {reason}',
    '无法将运行保存到 {object}：{reason}',
  ],
  'operations.run.startJob': [
    'Run the plan as the Job {job} in {namespace}.',
    '在 {namespace} 中以 Job {job} 运行计划。',
  ],
  'operations.run.busy': [
    '{holder} drives a run on this route. End that one, or wait until it ends.',
    '{holder} 正在驱动此路由上的运行。请先结束它，或等待其结束。',
  ],
  'operations.run.noLease': [
    'The Lease of the run could not be taken. Check that you may get, create and patch leases in the namespace.',
    '无法取得运行的租约（Lease）。请检查您在该命名空间中是否有 leases 的 get、create、patch 权限。',
  ],
  'operations.run.noCanary': [
    '{service} has no canary and stable version that can be told apart. Start a canary first.',
    '{service} 没有可区分的金丝雀版本和稳定版。请先启动金丝雀版本。',
  ],
  'operations.run.wantsBatches': [
    'Step {step} sets a weight, but {service} is updated in batches of pods. Use `pods` instead of `weight`.',
    '步骤 {step} 设置的是权重，但 {service} 按 Pod 分批更新。请使用 `pods` 代替 `weight`。',
  ],
  'operations.run.wantsWeights': [
    'Step {step} sets a batch of pods, but {service} is split by weight. Use `weight` instead of `pods`.',
    '步骤 {step} 设置的是 Pod 批次，但 {service} 按权重切分。请使用 `weight` 代替 `pods`。',
  ],
  'operations.run.unbuilt': [
    'This version cannot do what the plan says under `{part}`. Take it out, then run the plan again.',
    '当前版本尚不支持计划中的 `{part}`。请将其移除后再运行。',
  ],
  'operations.run.lookFailed': [
    'The metrics could not be asked: {reason}.',
    '无法查询指标：{reason}。',
  ],
  'operations.run.step': ['step {step}', '步骤 {step}'],
  'operations.run.promotion': ['the promotion', '提升为稳定版'],
  'operations.run.rollback': ['the rollback', '回滚'],
  'operations.run.wouldFail': ['{name} would fail: {reason}', '{name}将会失败：{reason}'],
  'operations.run.moved': [
    '{object} is not where the run left it.',
    '{object} 的流量切分与运行上次写入的不同。',
  ],
  'operations.undo': ['Undo: {what}', '撤销：{what}'],
  'operations.cannotUndo': ['This action has no undo.', '此操作无法撤销。'],
} as const satisfies Catalogue;

export const say = speaker(operationsWords);
