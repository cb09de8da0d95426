import { speaker, type Catalogue } from '../../base/text.ts';

export const words = {
  'gatewayApi.setWeight': [
    '{route}: send {percent} % of requests to {canary} (was {was} %), in {namespace}.',
    '{route}：将 {percent}% 的请求发送到 {canary}（原为 {was}%），位于 {namespace}。',
  ],
  'gatewayApi.noChange': [
    '{route}: nothing to write, {canary} already gets {percent} % of requests.',
    '{route}：无需写入，{canary} 已获得 {percent}% 的请求。',
  ],
  'gatewayApi.and': ['{sentence} {note}', '{sentence}{note}'],
  'gatewayApi.rescaled': [
    'The weights are rescaled to a total of 100.',
    '权重将按总和 100 重新换算。',
  ],
  'gatewayApi.rollback': [
    '{route}: send all requests back to {stable}, in {namespace}.',
    '{route}：将全部请求转回 {stable}，位于 {namespace}。',
  ],
  'gatewayApi.rollbackRules': [
    '{route}: send all requests back to {stable} and remove the rules that are only for {canary} ({n}), in {namespace}.',
    '{route}：将全部请求转回 {stable}，并移除仅用于 {canary} 的规则（{n} 条），位于 {namespace}。',
  ],
  'gatewayApi.rollbackMoved': [
    '{route}: send all requests back to {stable}, also those of rules that are only for {canary}, in {namespace}.',
    '{route}：将全部请求转回 {stable}，包括仅用于 {canary} 的规则的请求，位于 {namespace}。',
  ],
  'gatewayApi.leftOver': [
    'The rule {rule} is malformed and keeps sending to the canary: correct it by hand.',
    '规则 {rule} 格式有误，仍会将请求发送到金丝雀版本：请手动更正。',
  ],
  'gatewayApi.mirrorsStay': [
    'Copies of requests are still mirrored to {mirrors}: mirrors are left as they are.',
    '请求的副本仍会镜像到 {mirrors}：镜像设置保持不变。',
  ],
  'gatewayApi.stableNotReady': [
    'Note: {stable} has no ready pod, so nobody would answer: scale it up first.',
    '注意：{stable} 没有就绪的 Pod，届时将无人响应请求：请先扩容。',
  ],
  'gatewayApi.afterCopy': [
    '{stable} already has the new version from the promotion: undo the promotion to go back.',
    '{stable} 已通过提升获得新版本：如需恢复，请撤销该提升。',
  ],
  'gatewayApi.promoteSwap': [
    '{route}: {canary} takes 100 % of requests (was {was} %) and becomes stable, in {namespace}.',
    '{route}：{canary} 接管 100% 的请求（原为 {was}%），成为稳定版，位于 {namespace}。',
  ],
  'gatewayApi.promoteShift': [
    '{route}: promote, step 1 of 5: send 100 % of requests to {canary} (was {was} %), in {namespace}.',
    '{route}：提升为稳定版，第 1/5 步：将 100% 的请求发送到 {canary}（原为 {was}%），位于 {namespace}。',
  ],
  'gatewayApi.promoteCopy': [
    '{route}: promote, step 2 of 5: copy the version of {canary} ({image}) to {stable}, in {namespace}.',
    '{route}：提升为稳定版，第 2/5 步：将 {canary} 的版本（{image}）复制到 {stable}，位于 {namespace}。',
  ],
  'gatewayApi.promoteWait': [
    '{route}: promote, step 3 of 5: {stable} is not ready on the new version yet; nothing to write until it is.',
    '{route}：提升为稳定版，第 3/5 步：{stable} 的新版本尚未就绪；在此之前无需写入。',
  ],
  'gatewayApi.promoteBack': [
    '{route}: promote, step 4 of 5: send all requests back to {stable}, which runs the new version, in {namespace}.',
    '{route}：提升为稳定版，第 4/5 步：将全部请求转回已运行新版本的 {stable}，位于 {namespace}。',
  ],
  'gatewayApi.promoteScale': [
    '{route}: promote, step 5 of 5: scale {canary} down to 0 pods, in {namespace}.',
    '{route}：提升为稳定版，第 5/5 步：将 {canary} 缩容到 0 个 Pod，位于 {namespace}。',
  ],
  'gatewayApi.promoted': [
    '{stable} already runs the new version and takes all requests.',
    '{stable} 已运行新版本，并承接全部请求。',
  ],
  'gatewayApi.undo': [
    '{route}: back to what it was, {percent} % of requests to {canary}, in {namespace}.',
    '{route}：恢复原状，将 {percent}% 的请求发送到 {canary}，位于 {namespace}。',
  ],
  'gatewayApi.undoOther': ['Undo: back to what it was before.', '撤销：恢复到之前的状态。'],
  'gatewayApi.gone': [
    '{object} is not there any more, so nothing was written.',
    '{object} 已不存在，因此没有写入任何内容。',
  ],
  'gatewayApi.noEnd': [
    'This canary was not started by Cablecar. Roll back, then remove its Deployment and Service where they were defined.',
    '此金丝雀版本不是由 Cablecar 启动的。请先回滚，再到其定义之处移除 Deployment 和 Service。',
  ],
  'gatewayApi.noPair': [
    'No rule splits between {stable} and {canary} by weight. Put both into the backendRefs of one rule first.',
    '没有规则在 {stable} 与 {canary} 之间按权重切分。请先将两者写入同一规则的 backendRefs。',
  ],
  'gatewayApi.noRule': [
    'The rule {rule} of {name} is not one that splits between the versions.',
    '{name} 的规则 {rule} 不是在版本之间切分流量的规则。',
  ],
  'gatewayApi.raiseNoService': [
    'The Service {canary} does not exist, so its share would get errors. Create it, then try again.',
    'Service {canary} 不存在，分给它的请求会出错。请创建后重试。',
  ],
  'gatewayApi.raiseNoWorkload': [
    'No Deployment is found behind the Service {canary}, so nobody may be there to answer. Deploy it, then try again.',
    '在 Service {canary} 之后未找到 Deployment，可能无人响应请求。请部署后重试。',
  ],
  'gatewayApi.raiseNoPods': [
    'The Deployment {workload} behind {canary} has no ready pod, so its share would get errors. Wait for its pods, then try again.',
    '{canary} 之后的 Deployment {workload} 没有就绪的 Pod，分给它的请求会出错。请等其 Pod 就绪后重试。',
  ],
  'gatewayApi.nothingToCopy': [
    'No Deployment is found behind {track}, so its version cannot be copied.',
    '在 {track} 之后未找到 Deployment，因此无法复制其版本。',
  ],
  'gatewayApi.foreignKind': [
    'This rule also sends to {ref}, which is no Service: change its weights in the route.',
    '此规则还指向 {ref}，它不是 Service：请在路由中更改其权重。',
  ],
  'gatewayApi.twice': [
    'This rule names the Service {service} twice: change its weights in the route.',
    '此规则两次指定了 Service {service}：请在路由中更改其权重。',
  ],
  'gatewayApi.notAList': [
    '{path} of {kind} {name} is {got}, not a list. Correct it there.',
    '{kind} {name} 的 {path} 为 {got}，而不是列表。请在那里更正。',
  ],
  'gatewayApi.notAnObject': [
    '{path} of {kind} {name} is {got}, not an object. Correct it there.',
    '{kind} {name} 的 {path} 为 {got}，而不是对象。请在那里更正。',
  ],
  'gatewayApi.notAName': [
    '{path} of {kind} {name} is {got}, not a name. Correct it there.',
    '{kind} {name} 的 {path} 为 {got}，而不是名称。请在那里更正。',
  ],
  'gatewayApi.notAWeight': [
    '{path} of {kind} {name} is {got}, not a whole number from 0 to {most}. Correct it there.',
    '{kind} {name} 的 {path} 为 {got}，而不是 0 到 {most} 的整数。请在那里更正。',
  ],
  'gatewayApi.zeroTotal': [
    'The weights of rule {rule} in {name} add up to 0: it answers every request with an error. Set a weight.',
    '{name} 的规则 {rule} 权重之和为 0：所有请求都会出错。请设置权重。',
  ],
  'gatewayApi.noService': [
    'The Service {service} does not exist in {namespace}: its share of the requests gets errors (500). Create it.',
    'Service {service} 在 {namespace} 中不存在：分给它的请求会出错（500）。请创建它。',
  ],
  'gatewayApi.overlap': [
    'The Services {a} and {b} both select the pods of {deployment}, so the weights between them do not separate the versions. Narrow their selectors.',
    'Service {a} 与 {b} 都选中了 {deployment} 的 Pod，因此两者之间的权重无法区分版本。请收窄其选择器。',
  ],
  'gatewayApi.guess': [
    'By their names it is not clear which version is stable: {stable} is taken for it, and {canary} for the canary. Label their pods track: stable and track: canary.',
    '从名称无法确定哪个版本是稳定版：暂以 {stable} 为稳定版，{canary} 为金丝雀版本。请为其 Pod 添加标签 track: stable 和 track: canary。',
  ],
  'gatewayApi.noWorkload': [
    'No Deployment is found behind {track}, so it is not known whether its pods are ready.',
    '在 {track} 之后未找到 Deployment，因此不知道其 Pod 是否就绪。',
  ],
  'gatewayApi.noPods': [
    '{track} has no ready pod. Raising its share waits until it has one.',
    '{track} 没有就绪的 Pod。在有就绪 Pod 之前不能提高其占比。',
  ],
  'gatewayApi.grant': [
    'The Service {service} is in {namespace}: without a ReferenceGrant there that admits routes of {from}, its share gets errors (500).',
    'Service {service} 位于 {namespace}：如果那里没有允许 {from} 中路由的 ReferenceGrant，分给它的请求会出错（500）。',
  ],
  'gatewayApi.sharedName': [
    'Several rules of {name} are called {rule}, so they are told apart by their place. Give each its own name.',
    '{name} 有多条规则名为 {rule}，因此只能按位置区分。请为每条规则单独命名。',
  ],
  'gatewayApi.otherRoutes': [
    'Other routes send to these Services too ({routes}): the weights here move only a part of their requests.',
    '其他路由也指向这些 Service（{routes}）：此处的权重只影响其部分请求。',
  ],
  'gatewayApi.noStatus': [
    'No gateway or mesh has reported on {name} yet, so it may not be in effect.',
    '尚无网关或网格报告 {name} 的状态，因此它可能未生效。',
  ],
  'gatewayApi.notTakenUp': [
    '{parent} has not taken up the newest change of {name} yet.',
    '{parent} 尚未采用 {name} 的最新更改。',
  ],
  'gatewayApi.condition': [
    '{parent} says of {name}: {type}, {reason}: {message}',
    '{parent} 对 {name} 报告：{type}，{reason}：{message}',
  ],
} as const satisfies Catalogue;

export const say = speaker(words);
