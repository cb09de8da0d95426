import type { Catalogue } from '../base/text.ts';

/** What each key of a plan file means: hover and completion in the editor, descriptions of the JSON Schema, the reference page in docs/. */
export const fieldWords = {
  apiVersion: [
    'Version of this format, always cablecar/v1alpha1.',
    '此格式的版本，固定为 cablecar/v1alpha1。',
  ],
  kind: ['What this file is, always ReleasePlan.', '此文件的类型，固定为 ReleasePlan。'],
  name: [
    'Name of the plan, for people. Without it, the name of the service.',
    '计划的名称，供人阅读。不写时用服务名。',
  ],
  scope: ['Which service is released, and where.', '发布哪个服务，在哪里发布。'],
  'scope.service': ['Name of the Service that clients call.', '客户端调用的 Service 的名称。'],
  'scope.namespace': ['Its namespace.', '其命名空间。'],
  'scope.context': [
    'The plan runs only in contexts of the kubeconfig whose name fits; * stands for any text, ? for one character. Without it, in the context in which it is started.',
    '仅在名称匹配的 kubeconfig 上下文中运行；* 代表任意文本，? 代表一个字符。不写时，在启动时的上下文中运行。',
  ],
  'scope.route': [
    'The object that splits the traffic, as Kind/name, where the service has more than one.',
    '切分流量的对象，写作 Kind/名称；服务有多个时需要。',
  ],
  'scope.tracks': [
    'The two versions by name, where those that were found are not the ones meant.',
    '按名称指定两个版本；当自动识别的不是所指的版本时使用。',
  ],
  'scope.tracks.stable': [
    'Subset, Service or Deployment of the stable version.',
    '稳定版的 subset、Service 或 Deployment。',
  ],
  'scope.tracks.canary': [
    'Subset, Service or Deployment of the canary.',
    '金丝雀版本的 subset、Service 或 Deployment。',
  ],
  interval: [
    'Time between two looks at the metrics, 5s to 5m.',
    '两次检查指标之间的时间，5s 到 5m。',
  ],
  steps: [
    'How the canary is widened, from the first step to the last. Each gives it more than the one before. A step is left only when the metrics passed.',
    '金丝雀版本如何逐步扩大。每一步都多于前一步。只有指标通过才会离开一步。',
  ],
  'step.weight': [
    'Share of the requests that the canary gets, a whole percentage.',
    '金丝雀版本得到的请求占比，整数百分比。',
  ],
  'step.matches': [
    'Only requests that fit one of these get the share; all others stay with the stable version.',
    '只有符合其中之一的请求按此占比分配；其余都留在稳定版。',
  ],
  'step.pods': [
    'Pods of the new version in a rolling update of one Deployment: a number, or a percentage of the wanted pods.',
    '滚动更新一个 Deployment 时新版本的 Pod：个数，或期望 Pod 数的百分比。',
  ],
  'step.maxSurge': [
    'How many pods more than wanted there may be, a number or a percentage. Without it, as the Deployment has it.',
    '最多可比期望多出多少个 Pod，个数或百分比。不写时沿用 Deployment 的设置。',
  ],
  'step.maxUnavailable': [
    'How many pods fewer than wanted may be available, a number or a percentage. Without it, as the Deployment has it.',
    '最多可比期望少多少个可用 Pod，个数或百分比。不写时沿用 Deployment 的设置。',
  ],
  'step.minTime': [
    'Shortest time at this step, like 5m; at least two intervals.',
    '此步骤的最短时间，例如 5m；至少两个间隔。',
  ],
  'step.maxTime': [
    'Longest time at this step. When the metrics still do not say yes or no, "onInconclusive" decides. Without it, three times minTime and at least 30m.',
    '此步骤的最长时间。若届时指标仍无定论，由 "onInconclusive" 决定。不写时为 minTime 的三倍，且至少 30m。',
  ],
  'step.minRequests': [
    'Requests that the canary must have answered at this step before it can pass.',
    '金丝雀版本在此步骤至少应答多少个请求后才可能通过。',
  ],
  'step.gate': [
    'manual: after the metrics passed, a person says "go on".',
    'manual：指标通过后，须由人确认“继续”。',
  ],
  'step.guide': [
    'What to look at before going on; shown at the gate.',
    '继续之前要看什么；在等待确认时显示。',
  ],
  'step.owner': ['Who decides at the gate.', '由谁决定是否继续。'],
  'step.onProblem': ['What to do when something looks wrong.', '发现异常时怎么做。'],
  'match.headers': [
    'Request headers by name. Anyone can send any header: do not use it as protection.',
    '按名称匹配请求头。任何人都可以发送任意请求头：不要用作防护手段。',
  ],
  'match.cookies': ['Cookies by name, with the exact value.', '按名称匹配 Cookie，值须完全一致。'],
  'match.users': ['A list of users, told by a header.', '由请求头识别的用户列表。'],
  'match.users.header': ['The header that holds the id of the user.', '存放用户 ID 的请求头。'],
  'match.users.ids': ['Ids of the users.', '用户 ID。'],
  'match.device': [
    'Kind of device, told by the User-Agent header.',
    '设备类型，由 User-Agent 请求头判断。',
  ],
  'condition.exact': ['Exactly this value.', '值须完全一致。'],
  'condition.prefix': ['The value begins with this.', '值以此开头。'],
  'condition.regex': [
    'The value fits this regular expression as a whole.',
    '整个值匹配此正则表达式。',
  ],
  'condition.present': [
    'true: the header is there, whatever its value.',
    'true：有此请求头，值不限。',
  ],
  stepBack: [
    'How often a run narrows to the step before instead of rolling back when a metric fails. 0: it rolls back at once.',
    '指标失败时，一次运行最多退回上一步多少次，而不是回滚。0：立即回滚。',
  ],
  metrics: [
    'What is judged. All of them must pass before a step is left; one that fails takes the canary back.',
    '判断的内容。全部通过才会离开一步；有一个失败就收回金丝雀版本。',
  ],
  'metric.kind': [
    'errorRatio: failed requests; latency: response time; query: a PromQL query of your own.',
    'errorRatio：失败的请求；latency：响应时间；query：自己的 PromQL 查询。',
  ],
  'metric.name': ['Name for people, unique in the plan.', '供人阅读的名称，在计划中唯一。'],
  'metric.compare': [
    'Compare with the stable version by a statistical test: "stable" for the usual limits, or limits of your own.',
    '用统计检验与稳定版对比："stable" 采用常用限值，也可自定限值。',
  ],
  alpha: [
    'How often the test may take back a canary that is as good as the stable version: 0.01 is one run in a hundred.',
    '检验误将与稳定版一样好的金丝雀版本收回的概率上限：0.01 即百次运行一次。',
  ],
  'errorRatio.max': [
    'Highest share of failed requests of the canary, like 1%.',
    '金丝雀版本失败请求的最高占比，例如 1%。',
  ],
  'errorRatio.maxRatio': [
    'Error ratio of the canary in relation to the stable version that is still tolerated: 2 is twice as many.',
    '金丝雀版本错误率相对稳定版的容许倍数：2 即两倍。',
  ],
  'latency.quantile': [
    'p99: the time that 99 of 100 requests stay below.',
    'p99：100 个请求中有 99 个低于的时间。',
  ],
  'latency.max': ['Longest time, like 300ms.', '最长时间，例如 300ms。'],
  'latency.tolerance': [
    'How much slower than the stable version the canary may be.',
    '金丝雀版本可比稳定版慢多少。',
  ],
  'query.query': [
    'PromQL that gives exactly one series. Filled in are ${namespace}, ${service}, ${track}, ${workload} and ${pods} in quotation marks, ${window} outside of them, and the names in "args".',
    '恰好给出一条序列的 PromQL。引号内可用 ${namespace}、${service}、${track}、${workload}、${pods}，引号外可用 ${window}，以及 "args" 中的名称，均会被填入。',
  ],
  'query.args': [
    'Values for names of your own in the query, written ${name}: a text, or one for each version.',
    '查询中自定义名称（写作 ${name}）的值：一个文本，或每个版本各一个。',
  ],
  'argument.canary': ['The value in the query for the canary.', '用于金丝雀版本的查询的值。'],
  'argument.stable': ['The value in the query for the stable version.', '用于稳定版的查询的值。'],
  'query.better': [
    'Which values are good: lower or higher.',
    '哪种值更好：lower（低）或 higher（高）。',
  ],
  'query.limit': ['Worst value that is still good.', '仍算良好的最差值。'],
  'query.compare': [
    'Bad when worse than the stable version by more than both of these.',
    '比稳定版差，且同时超过以下两者时为不良。',
  ],
  'query.absolute': ['Difference in the unit of the query.', '以查询的单位计的差值。'],
  'query.relative': [
    'Difference in relation to the stable version, like 10%.',
    '相对稳定版的差值，例如 10%。',
  ],
  'query.failAfter': [
    'How many looks in a row must be bad before the metric fails.',
    '连续多少次检查不良后指标判为失败。',
  ],
  rollback: [
    'When the canary is taken back at once, whatever the metrics say.',
    '无论指标如何，何时立即收回金丝雀版本。',
  ],
  'rollback.alerts': [
    'Alerts of Alertmanager that take the canary back while they are active, silenced ones excepted. Each entry is a list of matchers, all of which fit.',
    'Alertmanager 中处于活动状态（已静默的除外）即触发收回的告警。每项为一组匹配条件，须全部符合。',
  ],
  'rollback.alertsUnknown': [
    'What to do while Alertmanager cannot be asked.',
    '无法查询 Alertmanager 时怎么做。',
  ],
  'rollback.endpointsGone': [
    'Take the canary back when it has traffic and no ready pod.',
    '金丝雀版本有流量却没有就绪的 Pod 时收回。',
  ],
  'rollback.crashRestarts': [
    'Restarts of one container during the run that count as a crash loop; 0: not watched.',
    '运行期间一个容器重启多少次算作崩溃循环；0：不监视。',
  ],
  'rollback.deadline': [
    'Longest time of the whole run. Without it, all longest times of the steps and a tenth more; 24h with a manual gate.',
    '整个运行的最长时间。不写时为各步骤最长时间之和再加一成；有人工确认时为 24h。',
  ],
  'rollback.errorsInRow': [
    'Looks that failed in a row (Prometheus away, a broken query) before "onInconclusive" decides.',
    '连续多少次检查出错（Prometheus 不可达、查询有误）后由 "onInconclusive" 决定。',
  ],
  onSuccess: [
    'After the last step: promote makes the canary the stable version, hold leaves the split as it is.',
    '最后一步之后：promote 将金丝雀版本提升为稳定版，hold 保持切分不变。',
  ],
  onInconclusive: [
    'When a step reached maxTime without a verdict: hold and ask, or roll back.',
    '某一步到达 maxTime 仍无结论时：保持并询问（hold），或回滚（rollback）。',
  ],
  runBy: [
    'Who drives the run: this editor, a Kubernetes Job, or a controller in the namespace.',
    '由谁驱动运行：本编辑器、Kubernetes Job，或命名空间中的控制器。',
  ],
  notify: ['Who is told when the run ends or needs a decision.', '运行结束或需要决定时通知谁。'],
  'notify.command': ['A command of VS Code that is run.', '要运行的 VS Code 命令。'],
  'notify.webhook': [
    'Address that gets the news as JSON; only where a setting allows its origin.',
    '以 JSON 接收消息的地址；仅限设置中允许的来源。',
  ],
} as const satisfies Catalogue;
