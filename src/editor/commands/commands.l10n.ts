import { speaker, type Catalogue } from '../../base/text.ts';

export const commandWords = {
  'command.pickRollout': ['{command}: which rollout?', '{command}：选择灰度发布'],
  'command.pickService': ['{command}: which service?', '{command}：选择服务'],
  'command.pickContext': ['{command}: which context?', '{command}：选择上下文'],
  'command.typeToFind': ['Type to find it', '输入以查找'],
  'command.place': ['{namespace} in {context}', '{context} 中的 {namespace}'],
  'command.openRollout': ['Open Rollout', '打开灰度发布'],
  'command.openMetrics': ['Open Metrics', '打开指标'],
  'command.setWeight': ['Set Weight', '设置权重'],
  'command.promote': ['Promote', '提升为稳定版'],
  'command.rollback': ['Roll Back', '回滚'],
  'command.undo': ['Undo', '撤销'],
  'command.startCanary': ['Start Canary', '启动金丝雀版本'],
  'command.setBatch': ['Set Batch', '设置批次'],
  'command.setSurge': ['Set Limits', '设置上下限'],
  'command.pause': ['Pause', '暂停'],
  'command.resume': ['Resume', '继续'],
  'command.undoRevision': ['Undo to Revision', '撤销到修订版本'],
  'command.endCanary': ['End Canary', '结束金丝雀版本'],
  'command.useContext': ['Use Context', '使用上下文'],
  'command.chooseNamespaces': ['Choose Namespaces', '选择命名空间'],
  'command.setPrometheus': ['Set Prometheus', '设置 Prometheus'],
  'command.testPrometheus': ['Test Prometheus Connection', '测试 Prometheus 连接'],
  'command.openInPrometheus': ['Open in Prometheus', '在 Prometheus 中打开'],
  'command.openInGrafana': ['Open in Grafana', '在 Grafana 中打开'],
  'command.running': ['{command}: {what}', '{command}：{what}'],
  'command.connecting': ['Connecting to {context}', '正在连接 {context}'],
  'command.noContexts': [
    'No kubeconfig with a context was found. Set its path in the setting cablecar.kubeconfig.',
    '未找到含有上下文的 kubeconfig。请在设置 cablecar.kubeconfig 中指定其路径。',
  ],
  'command.noConnection': ['{context}: {reason}', '{context}：{reason}'],
  'command.noRollouts': [
    'No rollout in the connected contexts can do this now. Open the Rollouts view to see what runs.',
    '已连接的上下文中没有可执行此操作的灰度发布。请打开“灰度发布”视图查看当前状态。',
  ],
  'command.noServices': [
    'No Service in the connected contexts can do this now. Open the Services view to see what runs.',
    '已连接的上下文中没有可执行此操作的 Service。请打开“服务”视图查看当前状态。',
  ],
  'command.noStartable': [
    'No Service has exactly one Deployment and no canary, so there is nothing to start from.',
    '没有恰好对应一个 Deployment 且无金丝雀版本的 Service，因此无法启动。',
  ],
  'command.lostRow': [
    'This row changed while you clicked. Nothing was done; please click again.',
    '点击时该行正好发生变化。未执行任何操作，请再次点击。',
  ],
  'command.gone': [
    'This row is gone from the cluster. Refresh the view.',
    '该项已不在集群中。请刷新视图。',
  ],
  'command.failed': [
    '{command} failed: {reason} The log has the details.',
    '{command} 失败：{reason} 详情见日志。',
  ],
  'command.showLog': ['Show Log', '显示日志'],
  'command.showChange': ['Show What Changed', '查看更改'],
  'command.tryAgain': ['Try Again', '重试'],
  'command.settings': ['Open Settings', '打开设置'],
  'command.done': ['Done: {what}', '已完成：{what}'],
  'command.nothingToDo': [
    '{what} Nothing to do: it is so already.',
    '{what} 无需操作：已处于该状态。',
  ],
  'command.cancelled': ['Cancelled. Nothing was written.', '已取消，未写入任何内容。'],
  'weight.prompt': [
    'Percent of the requests for {track}, a whole number from 0 to 100; now {now} %.',
    '发送到 {track} 的请求百分比，0 到 100 的整数；当前为 {now}%。',
  ],
  'weight.invalid': ['A whole number from 0 to 100 is needed.', '请输入 0 到 100 的整数。'],
  'weight.stop': ['{percent} %', '{percent}%'],
  'weight.pods': ['{pods} canary pods', '{pods} 个金丝雀版本 Pod'],
  'weight.stops': ['Shares that whole pods can reach', '以整数个 Pod 可达到的占比'],
  'weight.noCanary': [
    '{service} has no canary that takes weights.',
    '{service} 没有可设置权重的金丝雀版本。',
  ],
  'weight.owned': [
    '{owner} decides the split of {service}. {effect}',
    '{service} 的流量切分由 {owner} 决定。{effect}',
  ],
  'undo.pick': ['Undo which change?', '撤销哪次更改？'],
  'undo.none': ['There is no change that can be undone.', '没有可撤销的更改。'],
  'undo.what': ['{who} at {when}, in {context}', '{who}，{when}，位于 {context}'],
  'start.prompt': [
    'Image of the canary beside {workload}; stable runs {image}.',
    '{workload} 旁金丝雀版本的镜像；稳定版运行 {image}。',
  ],
  'start.noImage': ['Name an image.', '请输入镜像。'],
  'start.spaces': ['An image name has no spaces.', '镜像名称不能含空格。'],
  'start.same': ['That is the image that stable runs.', '这正是稳定版运行的镜像。'],
  'context.current': ['current', '当前'],
  'context.protected': ['protected', '受保护'],
  'namespaces.placeholder': [
    'Namespaces of {context} to watch; none means all',
    '要监视的 {context} 的命名空间；不选表示全部',
  ],
  'namespaces.type': [
    'You may not list namespaces ({reason}). Type those to watch, separated by commas; empty means all.',
    '您无权列出命名空间（{reason}）。请输入要监视的命名空间，以逗号分隔；留空表示全部。',
  ],
  'namespaces.invalid': [
    '"{name}" is not the name of a namespace.',
    '“{name}”不是命名空间的名称。',
  ],
  'prometheus.how': ['Where is the Prometheus of {context}?', '{context} 的 Prometheus 在哪里？'],
  'prometheus.find': ['Find it in the cluster', '在集群中查找'],
  'prometheus.findDetail': [
    'Looks among the Services and asks through the API server.',
    '在 Service 中查找，并经由 API 服务器查询。',
  ],
  'prometheus.byUrl': ['Set a URL…', '设置 URL…'],
  'prometheus.byUrlDetail': [
    'Prometheus, Thanos, Mimir or VictoriaMetrics, reached from here.',
    '从此处访问 Prometheus、Thanos、Mimir 或 VictoriaMetrics。',
  ],
  'prometheus.url': [
    'Base URL, for example https://prometheus.example.com',
    '基础 URL，例如 https://prometheus.example.com',
  ],
  'prometheus.badUrl': [
    'An http or https address without user and password is needed.',
    '请输入不含用户名和密码的 http 或 https 地址。',
  ],
  'prometheus.auth': ['How does {origin} know you?', '{origin} 如何验证身份？'],
  'prometheus.noAuth': ['Without a secret', '无需机密'],
  'prometheus.bearer': ['Token…', '令牌…'],
  'prometheus.basic': ['User and password…', '用户名和密码…'],
  'prometheus.keepAuth': ['Keep what is stored', '保留已存储的'],
  'prometheus.token': [
    'Token for {origin}; kept in the secret storage of VS Code and sent to this address only.',
    '{origin} 的令牌；保存在 VS Code 的机密存储中，仅发送到该地址。',
  ],
  'prometheus.user': ['User for {origin}', '{origin} 的用户名'],
  'prometheus.password': [
    'Password for {origin}; kept in the secret storage of VS Code and sent to this address only.',
    '{origin} 的密码；保存在 VS Code 的机密存储中，仅发送到该地址。',
  ],
  'prometheus.testing': ['Testing Prometheus of {context}', '正在测试 {context} 的 Prometheus'],
  'prometheus.found': ['Prometheus of {context}: {what}', '{context} 的 Prometheus：{what}'],
  'prometheus.notFound': [
    'No Prometheus answers for {context}. {tried}',
    '{context} 没有可用的 Prometheus。{tried}',
  ],
  'prometheus.set': ['Set Prometheus…', '设置 Prometheus…'],
  'prometheus.noLink': [
    'This Prometheus is reached through the API server and has no address to open. Set one with Set Prometheus….',
    '此 Prometheus 经由 API 服务器访问，没有可打开的地址。请通过“设置 Prometheus…”设置。',
  ],
  'grafana.none': [
    'No address for Grafana is set. Set the setting cablecar.grafana.urlTemplate.',
    '未设置 Grafana 地址。请设置 cablecar.grafana.urlTemplate。',
  ],
  'grafana.bad': [
    'The address {url} is not opened: it must be https, or http on this computer. Correct the setting cablecar.grafana.urlTemplate.',
    '未打开地址 {url}：须为 https，或本机的 http。请更正设置 cablecar.grafana.urlTemplate。',
  ],
  'filter.prompt': [
    'Show only services and rollouts whose name or namespace contains this; empty shows all.',
    '仅显示名称或命名空间包含此文字的服务与灰度发布；留空显示全部。',
  ],
  'filter.title': ['Filter', '筛选'],
  'report.copied': [
    'The support report is on the clipboard. It holds no names of clusters, no tokens and no addresses; read it before you send it.',
    '支持报告已复制到剪贴板。其中不含集群名称、令牌和地址；发送前请先阅读。',
  ],
  'copy.done': ['Copied: {what}', '已复制：{what}'],
} as const satisfies Catalogue;

export const say = speaker(commandWords);
export type CommandWord = keyof typeof commandWords;
