import { speaker, type Catalogue } from '../../base/text.ts';

export const words = {
  'rollingUpdate.start': [
    'Update {deployment} to {image}, {pods} of {wanted} pods first: about {percent} % of new connections reach it. Pods beyond those wanted: {surge}; old ones taken away: {unavailable}. It stays so until somebody widens it.',
    '将 {deployment} 更新为 {image}，先更新 {wanted} 个 Pod 中的 {pods} 个：约 {percent}% 的新连接会到达新版本。额外增加 {surge} 个 Pod，减少 {unavailable} 个旧 Pod；在有人扩大批次之前保持不变。',
  ],
  'rollingUpdate.undoStart': [
    'Undo: give {deployment} its image {from} back, and its own limits.',
    '撤销：将 {deployment} 的镜像和上下限恢复为 {from} 及原值。',
  ],
  'rollingUpdate.setBatch': [
    'Widen the update of {deployment} from {from} to {to} of {wanted} pods: about {percent} % of new connections reach the new version. Pods beyond those wanted: {surge}; old ones taken away: {unavailable}. A batch is never made smaller again: the way back is to roll back.',
    '将 {deployment} 的更新从 {from} 个 Pod 扩大到 {wanted} 个中的 {to} 个：约 {percent}% 的新连接会到达新版本。额外增加 {surge} 个 Pod，减少 {unavailable} 个旧 Pod。批次不会再缩小，只能通过回滚撤回。',
  ],
  'rollingUpdate.noChange': [
    '{deployment} is already held at {to} of {wanted} pods.',
    '{deployment} 已停留在 {wanted} 个 Pod 中的 {to} 个。',
  ],
  'rollingUpdate.cannotNarrow': [
    'The update of {deployment} has {from} pods of {wanted}: a rolling update takes no new pod away again. Roll back to remove all of them.',
    '{deployment} 的更新已有 {wanted} 个 Pod 中的 {from} 个：滚动更新不会再减少新 Pod。如需全部移除，请回滚。',
  ],
  'rollingUpdate.holdPending': [
    'The controller has not taken over yet that {deployment} is held at {from} pods: try again in a moment.',
    '控制器尚未生效 {deployment} 停留在 {from} 个 Pod 的设置：请稍后重试。',
  ],
  'rollingUpdate.noneReady': [
    'No pod of the new version of {deployment} is ready: wait until one is, or roll back.',
    '{deployment} 的新版本没有就绪的 Pod：请等待其就绪，或回滚。',
  ],
  'rollingUpdate.tooMuch': [
    '{asked} is too much for {deployment} now: at most {most} of {wanted} pods, for {surge} may be added, {unavailable} may be missing and {ready} new ones are ready. Widen in smaller steps, or raise maxSurge.',
    '{asked} 超出 {deployment} 当前的范围：最多 {wanted} 个 Pod 中的 {most} 个，因为最多可额外增加 {surge} 个、缺少 {unavailable} 个，且有 {ready} 个新 Pod 已就绪。请分更小的批次扩大，或提高 maxSurge。',
  ],
  'rollingUpdate.onlyCanary': [
    'Only the share of the new version can be set here: give the percentage of "canary".',
    '此处只能设置新版本的占比：请指定“canary”的百分比。',
  ],
  'rollingUpdate.finish': [
    'Finish the update of {deployment}: all {wanted} pods get the new version, never fewer than {least} available and at most {surge} more than wanted. It goes by itself from here and has no Undo: roll back while it runs, or undo to the old revision afterwards.',
    '完成 {deployment} 的更新：全部 {wanted} 个 Pod 将使用新版本，可用数始终不少于 {least}，最多额外增加 {surge} 个。之后会自动进行且无法撤销：进行中可以回滚，完成后可以撤销到旧的修订版本。',
  ],
  'rollingUpdate.rollback': [
    'Roll back {deployment}: the old pod template ({to}) instead of {from}, at once.',
    '回滚 {deployment}：立即用旧的 Pod 模板（{to}）替换 {from}。',
  ],
  'rollingUpdate.rollbackToNone': [
    'Roll back {deployment}: the old pod template ({to}) instead of {from}, at once. No pod of the old version is ready now, so it takes as long as they start.',
    '回滚 {deployment}：立即用旧的 Pod 模板（{to}）替换 {from}。目前旧版本没有就绪的 Pod，因此需等待其启动。',
  ],
  'rollingUpdate.undoRollback': [
    'Undo: give {deployment} the pod template back that it had before.',
    '撤销：将 {deployment} 恢复为之前的 Pod 模板。',
  ],
  'rollingUpdate.undoRevision': [
    'Undo to revision {revision} of {deployment}: its pod template ({image}) on all pods, by a rolling update.',
    '将 {deployment} 撤销到修订版本 {revision}：通过滚动更新让全部 Pod 使用其模板（{image}）。',
  ],
  'rollingUpdate.sameRevision': [
    '{deployment} already has the pod template of revision {revision}.',
    '{deployment} 已经使用修订版本 {revision} 的 Pod 模板。',
  ],
  'rollingUpdate.undoAtOnce': [
    '{deployment} replaces all pods at once (strategy Recreate): undo it with "kubectl rollout undo", which stops it meanwhile.',
    '{deployment} 会一次性替换全部 Pod（strategy 为 Recreate）：请使用“kubectl rollout undo”撤销，期间服务会中断。',
  ],
  'rollingUpdate.noRevisions': [
    '{object} keeps no earlier revisions that could be listed.',
    '{object} 没有可列出的早期修订版本。',
  ],
  'rollingUpdate.noRevision': [
    '{deployment} has no revision {revision} any more ({set}).',
    '{deployment} 已没有修订版本 {revision}（{set}）。',
  ],
  'rollingUpdate.notRead': [
    'The old pod template of {deployment} was not read ({set}), so nothing was written.',
    '未读取到 {deployment} 的旧 Pod 模板（{set}），因此没有写入任何内容。',
  ],
  'rollingUpdate.pause': [
    'Pause the update of {deployment} at {updated} of {wanted} pods. Changes to its pod template wait until it goes on.',
    '在 {wanted} 个 Pod 中已更新 {updated} 个时暂停 {deployment} 的更新。在继续之前，对其 Pod 模板的更改不会生效。',
  ],
  'rollingUpdate.undoPause': [
    'Undo: let the update of {deployment} go on.',
    '撤销：让 {deployment} 的更新继续。',
  ],
  'rollingUpdate.alreadyPaused': ['{deployment} is already paused.', '{deployment} 已经暂停。'],
  'rollingUpdate.resume': [
    'Resume {deployment}: it goes on to its batch and stops there.',
    '继续 {deployment}：更新到当前批次后停止。',
  ],
  'rollingUpdate.resumeToEnd': [
    'Resume {deployment}: it goes on to all {wanted} pods by itself.',
    '继续 {deployment}：自动更新到全部 {wanted} 个 Pod。',
  ],
  'rollingUpdate.undoResume': ['Undo: pause {deployment} again.', '撤销：再次暂停 {deployment}。'],
  'rollingUpdate.notPaused': ['{deployment} is not paused.', '{deployment} 没有暂停。'],
  'rollingUpdate.setLimits': [
    'Let {deployment} have at most {surge} pods more than the {wanted} wanted (maxSurge {maxSurge}) and at most {unavailable} fewer (maxUnavailable {maxUnavailable}).',
    '允许 {deployment} 比期望的 {wanted} 个 Pod 最多多 {surge} 个（maxSurge {maxSurge}），最多少 {unavailable} 个（maxUnavailable {maxUnavailable}）。',
  ],
  'rollingUpdate.keepLimits': [
    'From the next batch of {deployment} on, at most {surge} pods more than the {wanted} wanted (maxSurge {maxSurge}) and at most {unavailable} fewer (maxUnavailable {maxUnavailable}).',
    '从 {deployment} 的下一批次起，比期望的 {wanted} 个 Pod 最多多 {surge} 个（maxSurge {maxSurge}），最多少 {unavailable} 个（maxUnavailable {maxUnavailable}）。',
  ],
  'rollingUpdate.undoLimits': [
    'Undo: give {deployment} its maxSurge and maxUnavailable back.',
    '撤销：恢复 {deployment} 的 maxSurge 和 maxUnavailable。',
  ],
  'rollingUpdate.sameLimits': [
    '{deployment} already has these limits.',
    '{deployment} 已经是这些上下限。',
  ],
  'rollingUpdate.notALimit': [
    '"{value}" is not a number of pods: give a whole number such as 2, or a percentage such as 25%.',
    '“{value}”不是 Pod 数量：请填写整数（如 2）或百分比（如 25%）。',
  ],
  'rollingUpdate.bothZero': [
    'maxSurge and maxUnavailable cannot both be 0: then {deployment} could not be updated at all.',
    'maxSurge 和 maxUnavailable 不能同时为 0：否则 {deployment} 无法更新。',
  ],
  'rollingUpdate.surgeWhilePaused': [
    'Somebody else paused {deployment}, and another maxSurge would then change the pods of both versions at once: resume it first, or pause it here.',
    '{deployment} 已被他人暂停，此时更改 maxSurge 会立即改变两个版本的 Pod 数：请先继续，或在此处暂停。',
  ],
  'rollingUpdate.nothingToEnd': [
    'There is nothing to end in {deployment}: its new pods go with a roll back.',
    '{deployment} 没有可结束的对象：其新 Pod 会随回滚移除。',
  ],
  'rollingUpdate.isRunning': [
    'The update of {deployment} goes to all pods by itself: pause it to stop at a part of them.',
    '{deployment} 的更新会自动进行到全部 Pod：如需停留在部分 Pod，请暂停。',
  ],
  'rollingUpdate.isPaused': [
    'Somebody else paused the update of {deployment}: pause it here to widen it in batches, resume it to the end, or roll back.',
    '{deployment} 的更新已被他人暂停：可在此处暂停以分批扩大、继续到结束，或回滚。',
  ],
  'rollingUpdate.isReturning': [
    '{deployment} is on its way back to the old version; this goes by itself.',
    '{deployment} 正在恢复到旧版本；这会自动完成。',
  ],
  'rollingUpdate.notAvailable': [
    'While {deployment} is held, Kubernetes counts its new pods as ready but not as available: alerts on missing replicas may fire, and kubectl rollout status and helm --wait go on waiting.',
    '{deployment} 停留在批次期间，Kubernetes 将其新 Pod 计为就绪但不可用：副本不足的告警可能触发，kubectl rollout status 与 helm --wait 会一直等待。',
  ],
  'rollingUpdate.starting': [
    '{ready} of {batch} new pods are ready.',
    '{batch} 个新 Pod 中有 {ready} 个已就绪。',
  ],
  'rollingUpdate.thirdVersion': [
    'A further version still has {pods} pods ({set}): the template was changed in the middle of an update.',
    '还有另一个版本的 {pods} 个 Pod（{set}）：更新过程中模板被再次更改。',
  ],
  'rollingUpdate.gone': [
    '{object} is not between two versions any more, so nothing was written.',
    '{object} 已不在两个版本之间，因此没有写入任何内容。',
  ],
  'rollingUpdate.notSeen': [
    'No controller has seen {deployment} yet, so it cannot be updated in batches.',
    '尚无控制器处理过 {deployment}，因此无法分批更新。',
  ],
  'rollingUpdate.notADeployment': [
    'Only a Deployment can be updated in batches, and {object} is none.',
    '只有 Deployment 可以分批更新，而 {object} 不是 Deployment。',
  ],
  'rollingUpdate.notRolling': [
    '{deployment} replaces all pods at once (strategy Recreate), so it cannot be updated in batches.',
    '{deployment} 会一次性替换全部 Pod（strategy 为 Recreate），因此无法分批更新。',
  ],
  'rollingUpdate.noContainers': [
    '{deployment} has no container with an image.',
    '{deployment} 没有带镜像的容器。',
  ],
  'rollingUpdate.busy': [
    '{deployment} is paused or still being updated: let that end, or roll back, first.',
    '{deployment} 已暂停或仍在更新：请先等待其完成，或回滚。',
  ],
  'rollingUpdate.noPods': [
    '{deployment} has no pods, so there is nothing to update a part of.',
    '{deployment} 没有 Pod，因此无法更新其中一部分。',
  ],
  'rollingUpdate.sameImage': [
    '{deployment} already has the image {image}.',
    '{deployment} 已经使用镜像 {image}。',
  ],
} as const satisfies Catalogue;

export const say = speaker(words);
