import { speaker, type Catalogue } from '../../base/text.ts';

export const words = {
  'replicaSplit.setWeight': [
    'Set the pods of {canary} from {from} to {to}, beside {others} of the others: about {percent} % of new connections reach the canary.',
    '将 {canary} 从 {from} 个 Pod 调整为 {to} 个（其余版本共 {others} 个）：约 {percent}% 的新连接到达金丝雀版本。',
  ],
  'replicaSplit.noChange': [
    '{canary} has as many pods already: {to}.',
    '{canary} 已经有 {to} 个 Pod。',
  ],
  'replicaSplit.rollback': [
    'Roll back: scale {canary} from {from} to 0 pods, so that {stable} takes all requests.',
    '回滚：将 {canary} 从 {from} 个 Pod 缩减为 0，由 {stable} 承接全部请求。',
  ],
  'replicaSplit.rollbackToNone': [
    'Roll back: scale {canary} from {from} to 0 pods. {stable} has no ready pod, so nobody would answer: scale it up first.',
    '回滚：将 {canary} 从 {from} 个 Pod 缩减为 0。{stable} 没有就绪的 Pod，届时将无人响应请求：请先扩容。',
  ],
  'replicaSplit.rollbackAfterCopy': [
    'Scale {canary} from {from} to 0 pods. {stable} already has the new version from the promotion: undo the promotion to go back.',
    '将 {canary} 从 {from} 个 Pod 缩减为 0。{stable} 已通过提升获得新版本：如需恢复，请撤销该提升。',
  ],
  'replicaSplit.copy': [
    "Promote, step 1 of 3: copy the canary's pod template ({image}) to {stable}, which replaces its pods.",
    '提升为稳定版，第 1/3 步：将金丝雀版本的 Pod 模板（{image}）复制到 {stable}，其 Pod 会被替换。',
  ],
  'replicaSplit.wait': [
    'Promote, step 2 of 3: {stable} has the new template and is not ready on all pods yet; nothing to write until it is.',
    '提升为稳定版，第 2/3 步：{stable} 已使用新模板，但尚未全部就绪；在此之前无需写入。',
  ],
  'replicaSplit.scaleDown': [
    'Promote, step 3 of 3: {stable} runs the new version; scale {canary} from {from} to 0 pods.',
    '提升为稳定版，第 3/3 步：{stable} 已运行新版本；将 {canary} 从 {from} 个 Pod 缩减为 0。',
  ],
  'replicaSplit.promoted': [
    '{stable} already runs the version of {canary}.',
    '{stable} 已经运行 {canary} 的版本。',
  ],
  'replicaSplit.undoCopy': [
    'Undo: give {stable} its previous pod template back.',
    '撤销：将 {stable} 恢复为之前的 Pod 模板。',
  ],
  'replicaSplit.undoScale': [
    'Undo: set the pods of {canary} back to {to}.',
    '撤销：将 {canary} 恢复为 {to} 个 Pod。',
  ],
  'replicaSplit.end': [
    'End the canary: delete the Deployment {canary} and its pods ({from}).',
    '结束灰度发布：删除 Deployment {canary} 及其 {from} 个 Pod。',
  ],
  'replicaSplit.endNotOurs': [
    'End the canary: scale {canary} from {from} to 0 pods; the Deployment stays, for Cablecar did not create it.',
    '结束灰度发布：将 {canary} 从 {from} 个 Pod 缩减为 0；该 Deployment 不是由 Cablecar 创建的，因此会保留。',
  ],
  'replicaSplit.start': [
    'Start a canary: create the Deployment {canary} with one pod of {image} beside {others} of {stable}: about {percent} % of new connections reach it.',
    '启动金丝雀版本：创建 Deployment {canary}，包含一个 {image} 的 Pod，与 {stable} 的 {others} 个 Pod 并列：约 {percent}% 的新连接会到达它。',
  ],
  'replicaSplit.undoStart': [
    'Undo: delete the Deployment {canary} that was created.',
    '撤销：删除已创建的 Deployment {canary}。',
  ],
  'replicaSplit.gone': [
    '{object} is not there any more, so nothing was written.',
    '{object} 已不存在，因此没有写入任何内容。',
  ],
  'replicaSplit.onlyCanary': [
    'Only the number of canary pods can be set here: give the percentage of "{canary}".',
    '此处只能设置金丝雀版本的 Pod 数：请指定“{canary}”的百分比。',
  ],
  'replicaSplit.tooMuch': [
    'Beside the other pods ({others}), {canary} can take at most {most} %, and {percent} % was asked for: promote it to go further.',
    '其余版本有 {others} 个 Pod，{canary} 最多可承接 {most}%，而请求的是 {percent}%：如需继续，请将其提升为稳定版。',
  ],
  'replicaSplit.autoscaled': [
    'The HorizontalPodAutoscaler {autoscaler} sets the pods of {canary} and would undo any weight; remove it, or set its limits instead.',
    'HorizontalPodAutoscaler {autoscaler} 控制 {canary} 的 Pod 数，会撤销任何权重；请删除它，或改为设置其上下限。',
  ],
  'replicaSplit.noStablePods': [
    '{stable} is scaled to 0 pods, so the share of the canary cannot be set by pods.',
    '{stable} 的 Pod 数为 0，因此无法通过 Pod 数设置金丝雀版本的占比。',
  ],
  'replicaSplit.stableAutoscaled': [
    'The HorizontalPodAutoscaler {autoscaler} scales {stable}, and the share of the canary moves with it.',
    'HorizontalPodAutoscaler {autoscaler} 会调整 {stable} 的 Pod 数，金丝雀版本的占比会随之变化。',
  ],
  'replicaSplit.sessionAffinity': [
    'The Service {service} keeps clients on their pod (sessionAffinity: ClientIP): the real share may differ from the pods, and moves slowly.',
    'Service {service} 会将客户端固定到其 Pod（sessionAffinity: ClientIP）：实际占比可能与 Pod 比例不同，且变化缓慢。',
  ],
  'replicaSplit.headless': [
    'The Service {service} is headless: clients choose pods by themselves, so the share is a guess.',
    'Service {service} 是无头服务：客户端自行选择 Pod，因此占比只是估计值。',
  ],
  'replicaSplit.locality': [
    'The Service {service} prefers near pods ({field}): the share differs from node to node.',
    'Service {service} 优先选择就近的 Pod（{field}）：各节点上的占比不同。',
  ],
  'replicaSplit.notReady': [
    'About {ready} % of the ready pods are of {canary}, {asked} % are asked for.',
    '就绪的 Pod 中约 {ready}% 属于 {canary}，期望为 {asked}%。',
  ],
  'replicaSplit.unclearRoles': [
    'The Service {service} selects several Deployments ({names}) and it is not clear which of them is stable: label its pods cablecar/track: stable.',
    'Service {service} 选中了多个 Deployment（{names}），无法确定哪个是稳定版：请为其 Pod 添加标签 cablecar/track: stable。',
  ],
  'replicaSplit.severalCanaries': [
    'The Service {service} selects several canaries ({names}); only one at a time can be driven.',
    'Service {service} 选中了多个金丝雀版本（{names}）；一次只能操作一个。',
  ],
  'replicaSplit.notADeployment': [
    'A canary can be started beside a Deployment only, and {object} is none.',
    '只能在 Deployment 旁启动金丝雀版本，而 {object} 不是 Deployment。',
  ],
  'replicaSplit.notSelected': [
    'The Service {service} does not select the pods of {stable}, so a canary beside it would get no requests.',
    'Service {service} 未选中 {stable} 的 Pod，因此其旁的金丝雀版本收不到请求。',
  ],
  'replicaSplit.hasCanary': [
    'The Service {service} already selects several Deployments ({names}); end that canary first.',
    'Service {service} 已经选中多个 Deployment（{names}）；请先结束该灰度发布。',
  ],
  'replicaSplit.nameTaken': [
    'There is already a Deployment {canary} in this namespace; remove or rename it first.',
    '该命名空间中已存在 Deployment {canary}；请先删除或重命名它。',
  ],
  'replicaSplit.nameTooLong': [
    'The name {canary} would be longer than the 63 characters that its pods need.',
    '名称 {canary} 超过了其 Pod 所允许的 63 个字符。',
  ],
  'replicaSplit.overlap': [
    'The HorizontalPodAutoscaler {autoscaler} scales {stable} by the pods of its selector, and the pods of a canary would match that selector too. Give {stable} a selector label of its own (for example track: stable) first.',
    'HorizontalPodAutoscaler {autoscaler} 按 {stable} 选择器匹配的 Pod 进行扩缩，而金丝雀版本的 Pod 也会与该选择器匹配。请先为 {stable} 的选择器添加一个自己的标签（例如 track: stable）。',
  ],
  'replicaSplit.noContainers': [
    'The pod template of {stable} has no containers that could be copied.',
    '{stable} 的 Pod 模板中没有可复制的容器。',
  ],
} as const satisfies Catalogue;

export const say = speaker(words);
