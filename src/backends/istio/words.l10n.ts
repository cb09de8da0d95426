import { speaker, type Catalogue } from '../../base/text.ts';

export const words = {
  'istio.setWeight': [
    '{service}: send {percent} % of requests to {canary} (was {was} %), in {namespace}.',
    '{service}：将 {percent}% 的请求发送到 {canary}（原为 {was}%），位于 {namespace}。',
  ],
  'istio.rescaled': [
    '{sentence} The weights are rescaled to a total of 100.',
    '{sentence}权重将按总和 100 重新换算。',
  ],
  'istio.rollback': [
    '{service}: send all requests back to {stable}, in {namespace}.',
    '{service}：将全部请求转回 {stable}，位于 {namespace}。',
  ],
  'istio.rulesRemoved': [
    '{sentence} Rules that only send to the canary are removed: {rules}.',
    '{sentence}仅指向金丝雀版本的规则会被移除：{rules}。',
  ],
  'istio.rolledBack': [
    '{service}: {stable} already has all requests, in {namespace}.',
    '{service}：{stable} 已承接全部请求，位于 {namespace}。',
  ],
  'istio.unchanged': [
    '{service}: {canary} already has {percent} %, in {namespace}.',
    '{service}：{canary} 已占 {percent}%，位于 {namespace}。',
  ],
  'istio.notWritten': [
    '{sentence} Not written, and still sending to the canary: {rules}.',
    '{sentence}以下规则不会写入，仍会指向金丝雀版本：{rules}。',
  ],
  'istio.redirected': [
    '{sentence} Rules that only sent to the canary now send to {stable}: {rules}.',
    '{sentence}仅指向金丝雀版本的规则改为指向 {stable}：{rules}。',
  ],
  'istio.mirrorsStay': [
    '{sentence} Copies of requests are still mirrored to {mirrors}: mirrors are left as they are.',
    '{sentence}请求的副本仍会镜像到 {mirrors}：镜像设置保持不变。',
  ],
  'istio.gone': [
    '{object} is not there any more, or no longer sends to these versions, so nothing was written.',
    '{object} 已不存在，或不再指向这些版本，因此没有写入任何内容。',
  ],
  'istio.nothingToCopy': [
    'The version of {canary} cannot be copied to {stable}: no Deployment of its own was found for each.',
    '无法将 {canary} 的版本复制到 {stable}：未找到各自的 Deployment。',
  ],
  'istio.rollbackNotReady': [
    '{sentence} {stable} has no ready pod, so nobody would answer: scale it up first.',
    '{sentence}{stable} 没有就绪的 Pod，届时将无人响应：请先扩容。',
  ],
  'istio.rollbackAfterCopy': [
    '{sentence} {stable} already has the new version from the promotion: undo the promotion to go back.',
    '{sentence}{stable} 已通过提升获得新版本：如需恢复，请撤销该提升。',
  ],
  'istio.promoteSwap': [
    '{service}: {canary} takes 100 % of requests and becomes stable, in {namespace}.',
    '{service}：{canary} 接管 100% 的请求，成为稳定版，位于 {namespace}。',
  ],
  'istio.promoteShift': [
    '{service}: promote, step 1 of 5: send 100 % of requests to {canary} (was {was} %), in {namespace}.',
    '{service}：提升为稳定版，第 1/5 步：将 100% 的请求发送到 {canary}（原为 {was}%），位于 {namespace}。',
  ],
  'istio.promoteCopy': [
    '{service}: promote, step 2 of 5: copy the version of {canary} ({image}) to {stable}, in {namespace}.',
    '{service}：提升为稳定版，第 2/5 步：将 {canary} 的版本（{image}）复制到 {stable}，位于 {namespace}。',
  ],
  'istio.promoteWait': [
    '{service}: promote, step 3 of 5: {stable} is not ready on the new version yet; nothing to write until it is.',
    '{service}：提升为稳定版，第 3/5 步：{stable} 的新版本尚未就绪；在此之前无需写入。',
  ],
  'istio.promoteBack': [
    '{service}: promote, step 4 of 5: send all requests back to {stable}, which runs the new version, in {namespace}.',
    '{service}：提升为稳定版，第 4/5 步：将全部请求转回已运行新版本的 {stable}，位于 {namespace}。',
  ],
  'istio.promoteScale': [
    '{service}: promote, step 5 of 5: scale {canary} down to 0 pods, in {namespace}.',
    '{service}：提升为稳定版，第 5/5 步：将 {canary} 缩容到 0 个 Pod，位于 {namespace}。',
  ],
  'istio.promoted': [
    '{service}: {stable} already runs the new version.',
    '{service}：{stable} 已运行新版本。',
  ],
  'istio.undo': [
    '{service}: back to {percent} % to {canary}, in {namespace}.',
    '{service}：恢复为 {percent}% 到 {canary}，位于 {namespace}。',
  ],
  'istio.undoOther': [
    '{service}: back to what it was before, in {namespace}.',
    '{service}：恢复到之前的状态，位于 {namespace}。',
  ],
  'istio.notReady': [
    '{track} has no ready pod, so its share gets errors. It cannot be raised until a pod is ready.',
    '{track} 没有就绪的 Pod，分给它的请求会出错。在有就绪 Pod 之前不能提高其占比。',
  ],
  'istio.noEnd': [
    'This canary was not started by Cablecar. Roll back, then remove its Deployment where it was defined.',
    '此金丝雀版本不是由 Cablecar 启动的。请先回滚，再到其定义之处移除 Deployment。',
  ],
  'istio.noSplit': [
    'No http rule splits by weight between {stable} and {canary}. Add the second destination to a rule first.',
    '没有 http 规则在 {stable} 与 {canary} 之间按权重切分。请先在规则中添加第二个目标。',
  ],
  'istio.noRule': [
    'The rule {rule} is not one that carries a split.',
    '规则 {rule} 不是带流量切分的规则。',
  ],
  'istio.delegate': [
    'This rule delegates to the VirtualService {name}: change the weights there.',
    '此规则委派给 VirtualService {name}：请在那里更改权重。',
  ],
  'istio.tcp': [
    '{kind} routes are shown and not written; change them in the VirtualService.',
    '{kind} 路由仅显示，不写入；请在 VirtualService 中更改。',
  ],
  'istio.badRoute': [
    'spec.http[{index}].route of VirtualService {name} is {got}, not a list of destinations. Correct it there.',
    'VirtualService {name} 的 spec.http[{index}].route 为 {got}，而不是目标列表。请在那里更正。',
  ],
  'istio.badHttp': [
    'spec.http of VirtualService {name} is {got}, not a list of rules. Correct it there.',
    'VirtualService {name} 的 spec.http 为 {got}，而不是规则列表。请在那里更正。',
  ],
  'istio.badWeight': [
    'spec.http[{index}].route[{entry}].weight of VirtualService {name} is {got}, not a whole number from 0 on. Correct it there.',
    'VirtualService {name} 的 spec.http[{index}].route[{entry}].weight 为 {got}，而不是从 0 起的整数。请在那里更正。',
  ],
  'istio.badHost': [
    'spec.http[{index}].route[{entry}].destination.host of VirtualService {name} is {got}, not a name. Correct it there.',
    'VirtualService {name} 的 spec.http[{index}].route[{entry}].destination.host 为 {got}，而不是名称。请在那里更正。',
  ],
  'istio.zeroTotal': [
    'The weights in spec.http[{index}].route of VirtualService {name} add up to 0: it answers with errors. Set a weight.',
    'VirtualService {name} 的 spec.http[{index}].route 权重之和为 0：请求会出错。请设置权重。',
  ],
  'istio.oddTotal': [
    'The weights in spec.http[{index}].route of VirtualService {name} add up to {total}, not 100. They count in proportion; other tools expect 100.',
    'VirtualService {name} 的 spec.http[{index}].route 权重之和为 {total}，而不是 100。它们按比例生效；其他工具要求总和为 100。',
  ],
  'istio.noService': [
    'The Service {service} that VirtualService {name} sends to does not exist in {namespace}: that share gets errors and cannot be raised.',
    'VirtualService {name} 所指向的 Service {service} 在 {namespace} 中不存在：该部分请求会出错，且不能提高占比。',
  ],
  'istio.literalHost': [
    'Istio takes the host {host} in VirtualService {name} literally and finds nothing. Its share gets errors and cannot be raised. Write {full}.',
    'Istio 会按字面解析 VirtualService {name} 中的主机 {host}，因而找不到服务。该部分请求会出错，且不能提高占比。请写成 {full}。',
  ],
  'istio.noSubset': [
    'No DestinationRule for {host} defines the subset {subset}: its share of VirtualService {name} gets errors and cannot be raised. Define the subset.',
    '没有 DestinationRule 为 {host} 定义子集 {subset}：VirtualService {name} 中分给它的请求会出错，且不能提高占比。请定义该子集。',
  ],
  'istio.noWorkload': [
    'No Deployment is found whose pods are {track} ({labels}), so nobody may be there to answer. Its share cannot be raised; taking it away works.',
    '未找到其 Pod 属于 {track}（{labels}）的 Deployment，可能无人响应请求。不能提高其占比，但可以降低。',
  ],
  'istio.overlap': [
    'The pods of {workload} get the requests of both {stable} and {canary}, so the weights do not separate the versions. Give the two different labels.',
    '{workload} 的 Pod 同时接收 {stable} 和 {canary} 的请求，权重无法区分版本。请为两者设置不同的标签。',
  ],
  'istio.guess': [
    'That {stable} is stable and {canary} the canary is a guess. Label their pods cablecar/track: stable and cablecar/track: canary to say it.',
    '{stable} 为稳定版、{canary} 为金丝雀版本只是推测。请为其 Pod 添加标签 cablecar/track: stable 和 cablecar/track: canary 加以说明。',
  ],
  'istio.severalRoutes': [
    'VirtualServices {names} name the host {host} too; for mesh traffic only one of them counts.',
    'VirtualService {names} 也使用主机 {host}；对网格流量只有其中一个生效。',
  ],
  'istio.sticky': [
    'DestinationRule {name} keeps clients on one pod (consistent hash), so the measured share differs from the weights.',
    'DestinationRule {name} 让客户端固定在同一 Pod（一致性哈希），因此实测占比会与权重不同。',
  ],
} as const satisfies Catalogue;

export const say = speaker(words);
