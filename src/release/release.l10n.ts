import { speaker, type Catalogue } from '../base/text.ts';

export const releaseWords = {
  'release.began': ['Run of the plan {plan} began.', '发布计划 {plan} 开始运行。'],
  'release.refused': [
    'The run did not begin, and nothing was written: {reason}',
    '运行未开始，未写入任何内容：{reason}',
  ],
  'release.recreated': [
    'The route was deleted and created again: it is not the object this run began with. Nothing more is written.',
    '路由已被删除并重新创建，不再是运行开始时的对象。不再写入任何内容。',
  ],
  'release.gone': [
    'The route or its namespace is gone. Nothing more is written.',
    '路由或其命名空间已不存在。不再写入任何内容。',
  ],
  'release.updateOver': [
    'Somebody else finished the update or took it back. The run ends.',
    '他人已完成或撤回此次更新。运行结束。',
  ],
  'release.cannotSee': [
    'The cluster cannot be seen. The split stays as it is until it can.',
    '暂时无法查看集群。恢复之前流量切分保持不变。',
  ],
  'release.controlled': [
    '{controller} decides the split by now. The run ends and leaves it as it is.',
    '流量切分现由 {controller} 决定。运行结束，保持现状。',
  ],
  'release.takenBack': [
    'All requests are back on stable: somebody else did it, or a driver that ended before it could say so. The run ends.',
    '全部请求已切回稳定版：由他人操作，或由未及记录便终止的驱动者完成。运行结束。',
  ],
  'release.foreign': [
    'Somebody else changed the split. Nothing is written until you resume, which goes on from what is there now.',
    '他人更改了流量切分。在您选择继续之前不再写入；继续时将以当前状态为起点。',
  ],
  'release.version': [
    'The canary runs another version than at the start of the run. Nothing goes forward: roll back, or end the run and begin a new one.',
    '金丝雀版本与运行开始时不同。不再前进：请回滚，或结束本次运行后重新开始。',
  ],
  'release.gap': [
    'Nobody watched for {seconds} s. The run waits: look at the canary, then resume or roll back.',
    '已有 {seconds} 秒无人监视。运行等待中：请查看金丝雀版本，然后继续或回滚。',
  ],
  'release.windowRestarted': [
    'Nobody watched for a while: the step begins anew.',
    '有一段时间无人监视：本步骤重新开始。',
  ],
  'release.noVerdict': ['There is no verdict yet.', '尚无判定结果。'],
  'release.blind': [
    'The metrics could not be read several times in a row. {reason}',
    '连续多次无法读取指标。{reason}',
  ],
  'release.late': [
    'The time of the step is up without a verdict. {reason}',
    '步骤时间已到，仍无判定结果。{reason}',
  ],
  'release.gate': [
    'Step {step} passed. It waits for your word to go on.',
    '步骤 {step} 已通过，等待您确认后继续。',
  ],
  'release.promoting': [
    'All steps passed. The canary becomes the stable version.',
    '所有步骤均已通过。正在将金丝雀版本提升为稳定版。',
  ],
  'release.completed': [
    'All steps passed. The split stays as it is, as the plan says.',
    '所有步骤均已通过。按计划保持当前流量切分。',
  ],
  'release.promoted': ['The canary is the stable version now.', '金丝雀版本已提升为稳定版。'],
  'release.stepBack': ['One step back: {why}', '后退一步：{why}'],
  'release.stableDown': [
    '{why} But the stable version has no ready pod, so going back would be worse. It is tried again as soon as one is ready.',
    '{why}但稳定版没有就绪的 Pod，切回只会更糟。一旦有 Pod 就绪将立即重试。',
  ],
  'release.easing': [
    'Half of the way back first, for the stable version has fewer pods than at the start: {why}',
    '稳定版的 Pod 少于运行开始时，先切回一半：{why}',
  ],
  'release.rollingBack': ['Rolling back: {why}', '正在回滚：{why}'],
  'release.rolledBack': ['Rolled back: {why}', '已回滚：{why}'],
  'release.atStep': ['At step {step} of {of}.', '处于第 {step} 步，共 {of} 步。'],
  'release.writeRefused': [
    'The step could not be written. {reason} The run waits: remove the cause, then resume or roll back.',
    '无法写入该步骤。{reason}运行等待中：请排除原因，然后继续或回滚。',
  ],
  'release.writeFailed': [
    'The write did not succeed and is tried again. {reason}',
    '写入未成功，将重试。{reason}',
  ],
  'release.backFailed': [
    'THE ROLLBACK DID NOT SUCCEED and is tried again until it does. {reason}',
    '回滚未成功，将一直重试直至成功。{reason}',
  ],
  'release.takenUp': ['{who} goes on with the run.', '{who} 接手继续运行。'],
  'release.by.pause': ['Paused by {who}.', '由 {who} 暂停。'],
  'release.by.resume': ['Resumed by {who}.', '由 {who} 继续。'],
  'release.by.skip': [
    '{who} went on without waiting for the verdict.',
    '{who} 未等待判定结果，直接进入下一步。',
  ],
  'release.by.approve': ['{who} said to go on.', '{who} 确认继续。'],
  'release.by.promote': ['{who} promoted at once.', '{who} 选择立即提升为稳定版。'],
  'release.by.abort': ['{who} aborted the run.', '{who} 中止了运行。'],
  'release.by.leave': [
    '{who} ended the run and left the split as it is.',
    '{who} 结束了运行，保持当前流量切分。',
  ],
  'release.scope.none': [
    'No canary of {service} was found in {namespace}. Start one, or correct `scope.service` in the plan.',
    '在 {namespace} 中未找到 {service} 的金丝雀版本。请先启动一个，或修改计划中的 `scope.service`。',
  ],
  'release.scope.noRoute': [
    '{service} has no route {route}. It has: {routes}. Correct `scope.route` in the plan.',
    '{service} 没有路由 {route}，现有：{routes}。请修改计划中的 `scope.route`。',
  ],
  'release.scope.several': [
    '{service} has several routes: {routes}. Say which by `scope.route` in the plan.',
    '{service} 有多个路由：{routes}。请在计划中用 `scope.route` 指明。',
  ],
  'release.record.format': [
    'This run was saved in the format {format}, which this version does not know. Update Cablecar.',
    '此运行以格式 {format} 保存，当前版本无法识别。请更新 Cablecar。',
  ],
  'release.record.broken': [
    'What is saved of this run cannot be read. Roll back by hand if the canary gets requests.',
    '此运行保存的内容无法读取。如金丝雀版本仍在接收请求，请手动回滚。',
  ],
  'release.danger.endpoints': [
    'The canary has no ready pod while it gets requests.',
    '金丝雀版本仍在接收请求，但没有就绪的 Pod。',
  ],
  'release.danger.restarts': [
    'Containers of the canary restarted {n} times.',
    '金丝雀版本的容器已重启 {n} 次。',
  ],
  'release.danger.alert': ['The alert {alert} is firing.', '告警 {alert} 已触发。'],
  'release.danger.deadline': [
    'The run is longer than {minutes} min, its limit.',
    '运行时间超过了 {minutes} 分钟的上限。',
  ],
} as const satisfies Catalogue;

export const say = speaker(releaseWords);
