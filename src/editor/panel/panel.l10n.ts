import { speaker, type Catalogue } from '../../base/text.ts';

export const panelWords = {
  'panel.title': ['{service} · rollout', '{service} · 灰度发布'],
  'panel.metricsTitle': ['{service} · metrics', '{service} · 指标'],
  'panel.route': ['{backend} · {kind} `{name}`', '{backend} · {kind} `{name}`'],
  'panel.owner': ['driven by {owner}', '由 {owner} 控制'],
  'panel.ownerGitops': ['managed by {owner}', '由 {owner} 管理'],
  'panel.ready': ['{ready} of {replicas} ready', '{ready}/{replicas} 就绪'],
  'panel.held': [
    '{updated} of {wanted} pods have the new version ({ready} ready); it stays at {batch} until you widen it.',
    '{wanted} 个 Pod 中有 {updated} 个为新版本，其中 {ready} 个已就绪；在您扩大之前停留在 {batch} 个。',
  ],
  'panel.heldPaused': [
    'Paused: {updated} of {wanted} pods have the new version ({ready} ready). Widening goes on from here.',
    '已暂停：{wanted} 个 Pod 中有 {updated} 个为新版本，其中 {ready} 个已就绪。扩大时会从此处继续。',
  ],
  'panel.update.running': [
    'Runs to the end by itself: {updated} of {wanted} pods have the new version ({ready} ready).',
    '正在自动进行到结束：{wanted} 个 Pod 中有 {updated} 个为新版本，其中 {ready} 个已就绪。',
  ],
  'panel.update.paused': [
    'Paused by somebody else: {updated} of {wanted} pods have the new version ({ready} ready).',
    '已被他人暂停：{wanted} 个 Pod 中有 {updated} 个为新版本，其中 {ready} 个已就绪。',
  ],
  'panel.update.returning': [
    'On its way back; pods of the new version that are left: {updated}.',
    '正在恢复：新版本还剩 {updated} 个 Pod。',
  ],
  'panel.pauseTip': [
    'Stops the update where it is, so that it can be widened in batches.',
    '让更新停在当前位置，以便分批扩大。',
  ],
  'panel.resumeTip': [
    'Lets it go on: to its batch, or to the end where there is none.',
    '让更新继续：到当前批次；没有批次时到结束。',
  ],
  'panel.setSurgeTip': [
    'A number of pods or a percentage: how many more than wanted, and how many fewer, there may be from the next batch on.',
    'Pod 个数或百分比：从下一批次起，可比期望多或少多少个 Pod。',
  ],
  'panel.undoRevisionTip': [
    'Lists the earlier revisions of the Deployment, and gives all its pods the one that you choose.',
    '列出 Deployment 的早期修订版本，并让全部 Pod 使用您选择的版本。',
  ],
  'panel.finish': ['Finish', '完成更新'],
  'panel.finishTip': [
    'All pods get the new version, by the rolling update of Kubernetes and within your limits. It has no Undo.',
    '由 Kubernetes 的滚动更新在您的上下限之内让全部 Pod 使用新版本。此操作无法撤销。',
  ],
  'panel.runsByItself': [
    'The update goes to all pods by itself already.',
    '更新已在自动进行到全部 Pod。',
  ],
  'panel.rollbackUpdateTip': [
    'The old pod template on all pods at once, after one confirmation.',
    '确认一次后，立即让全部 Pod 使用旧的 Pod 模板。',
  ],
  'panel.goesBack': ['It is on its way back to the old version already.', '已在恢复到旧版本。'],
  'panel.gone': ['This rollout is gone from the cluster.', '该灰度发布已不在集群中。'],
  'panel.notConnected': ['The cluster is not connected: {reason}', '集群未连接：{reason}'],
  'panel.connecting': ['connecting', '正在连接'],
  'panel.readOnlyMode': [
    'Read-only mode is on (setting cablecar.readOnly).',
    '只读模式已开启（设置 cablecar.readOnly）。',
  ],
  'panel.stale': [
    'The view is out of date: {reason} Writes wait until it is live again; rolling back works.',
    '视图已过期：{reason}恢复实时之前不能写入，但可以回滚。',
  ],
  'panel.drivenBy': ['{owner} decides the split: {effect}', '流量切分由 {owner} 决定：{effect}'],
  'panel.sendTip': [
    'Sends the weights after a preview and your confirmation.',
    '在预览并确认之后发送权重。',
  ],
  'panel.addRuleTip': [
    'Sends some of the requests to the canary in a share of their own, after a preview and your confirmation.',
    '在预览并确认之后，将部分请求按单独的占比发送到金丝雀版本。',
  ],
  'panel.editRuleTip': [
    'Changes the rule after a preview and your confirmation.',
    '在预览并确认之后更改规则。',
  ],
  'panel.removeRuleTip': [
    'Takes the rule away after your confirmation: its requests go where the others go.',
    '在您确认之后移除规则：其请求将与其他请求一样处理。',
  ],
  'panel.ruleChanged': [
    'The rule {rule} of {kind} {name} is not what was shown any more. Look at the rules again.',
    '{kind} {name} 的规则 {rule} 已与显示的不同。请重新查看规则。',
  ],
  'panel.rollbackTip': [
    'All traffic back to stable, after one confirmation.',
    '确认一次后，全部流量回到稳定版。',
  ],
  'panel.atStable': ['All traffic is on stable already.', '全部流量已在稳定版。'],
  'panel.promoted': ['The canary has taken over already.', '金丝雀版本已接替。'],
  'panel.startTip': [
    'A new image on one pod beside {workload}, or on a part of its own pods; asked step by step, with a preview.',
    '新镜像运行在 {workload} 旁的一个 Pod 上，或其自身的部分 Pod 上；逐步询问并提供预览。',
  ],
  'panel.noWorkload': [
    'No Deployment matches the selector of this Service, so there is nothing to copy.',
    '没有 Deployment 与此 Service 的选择器匹配，因此没有可复制的对象。',
  ],
  'panel.hasCanary': [
    'A new version was started meanwhile: open it in the Rollouts view.',
    '新版本已启动：请在“灰度发布”视图中打开。',
  ],
  'panel.severalWorkloads': [
    'Several Deployments are behind this Service; a canary needs exactly one to start from.',
    '此 Service 后有多个 Deployment；启动金丝雀版本需要恰好一个。',
  ],
  'panel.endTip': ["Takes the canary's own objects away.", '移除金丝雀版本自己的对象。'],
  'panel.promote': ['Promote', '提升为稳定版'],
  'panel.promoteSwapTip': [
    'The canary becomes stable by taking 100 % of the requests.',
    '金丝雀版本接管 100% 的请求，成为稳定版。',
  ],
  'panel.promoteCopyTip': [
    'In stages: all requests to the canary, its version copied to stable, requests back to stable, canary scaled down.',
    '分阶段进行：全部请求转到金丝雀版本，将其版本复制到稳定版，请求转回稳定版，再缩容金丝雀版本。',
  ],
  'panel.stage.idle': ['Promote', '提升为稳定版'],
  'panel.stage.copyTemplate': ['Copy to stable', '复制到稳定版'],
  'panel.stage.waitReady': ['Waiting for stable', '等待稳定版就绪'],
  'panel.stage.shiftBack': ['Shift back to stable', '流量转回稳定版'],
  'panel.stage.scaleDown': ['Scale canary down', '缩容金丝雀版本'],
  'panel.stage.done': ['Promoted', '已提升为稳定版'],
  'panel.promotion.copyTemplate': [
    'Promotion: the canary has all requests. Next, its version is copied to stable.',
    '正在提升为稳定版：金丝雀版本已承接全部请求。接下来将其版本复制到稳定版。',
  ],
  'panel.promotion.waitReady': [
    'Promotion: stable is rolling to the new version ({ready} of {replicas} ready).',
    '正在提升为稳定版：稳定版正在更新到新版本（{ready}/{replicas} 就绪）。',
  ],
  'panel.promotion.shiftBack': [
    'Promotion: stable runs the new version. Next, the requests go back to it.',
    '正在提升为稳定版：稳定版已运行新版本。接下来将请求转回稳定版。',
  ],
  'panel.promotion.scaleDown': [
    'Promotion: stable has the requests. Next, the canary is scaled down.',
    '正在提升为稳定版：稳定版已承接请求。接下来缩容金丝雀版本。',
  ],
  'panel.preview': [
    '{service}: send {percent} % of requests to {track} (was {was} %), in {context}/{namespace}.',
    '{service}：将 {percent}% 的请求发送到 {track}（原为 {was}%），位于 {context}/{namespace}。',
  ],
  'panel.nothingChanges': ['Nothing changes.', '没有变化。'],
  'panel.percentage': ['{n} %', '{n}%'],
  'panel.facts': [
    '{canary} of requests to the canary succeed against {stable} on stable; p99 {canaryP99} against {stableP99}.',
    '金丝雀版本的请求成功率为 {canary}，稳定版为 {stable}；p99 为 {canaryP99}，稳定版为 {stableP99}。',
  ],
  'panel.factsOne': [
    '{value} of requests succeed; p99 {p99}.',
    '请求成功率为 {value}；p99 为 {p99}。',
  ],
  'panel.noMetrics': [
    'This back end cannot tell the versions apart in metrics.',
    '此后端无法在指标中区分各版本。',
  ],
  'panel.noRequestsTo': [
    'No requests to {track} in the last {minutes} min.',
    '最近 {minutes} 分钟没有到 {track} 的请求。',
  ],
  'panel.history': ['{who} · {sentence}', '{who} · {sentence}'],
} as const satisfies Catalogue;

export const say = speaker(panelWords);
