import { speaker, type Catalogue } from '../base/text.ts';

export const metricsWords = {
  'metrics.noSeries': [
    'Prometheus has no series for this. Check that the mesh or the application is scraped.',
    'Prometheus 中没有相应的时间序列。请检查网格或应用是否已被采集。',
  ],
  'metrics.stale': ['The newest value is older than two scrapes.', '最新的值早于两次采集之前。'],
  'metrics.severalSeries': [
    'Prometheus answered {n} series where one was expected, so none is shown.',
    'Prometheus 返回了 {n} 条序列，而预期为一条，因此不予显示。',
  ],
  'metrics.notANumber': [
    'The value is not a number (no requests to divide by).',
    '结果不是数字（没有可作分母的请求）。',
  ],
  'metrics.failed': ['Prometheus did not answer: {reason}', 'Prometheus 未应答：{reason}'],
  'metrics.warnings': ['Prometheus warns: {warnings}', 'Prometheus 警告：{warnings}'],
  'metrics.status': ['it answered {status} at {url}.', '它在 {url} 返回 {status}。'],
  'metrics.notPrometheus': [
    'what answers at {url} is not Prometheus.',
    '{url} 处应答的不是 Prometheus。',
  ],
  'metrics.tooLarge': ['the answer is larger than {mib} MiB.', '应答超过 {mib} MiB。'],
  'metrics.unreachable': ['{url} cannot be reached ({reason}).', '无法连接 {url}（{reason}）。'],
  'metrics.refusedQuery': ['it refused the query: {message}', '它拒绝了查询：{message}'],
  'metrics.found': [
    '{service} in {namespace}, through the API server',
    '{namespace} 中的 {service}（经由 API 服务器）',
  ],
  'metrics.foundUrl': ['{url}', '{url}'],
  'metrics.triedNone': [
    'No Service in this cluster looks like Prometheus. Set its URL, or give its Service the label app.kubernetes.io/name=prometheus.',
    '此集群中没有看起来是 Prometheus 的 Service。请设置其 URL，或为其 Service 添加标签 app.kubernetes.io/name=prometheus。',
  ],
  'metrics.badUrl': [
    'The URL "{url}" is not an http or https address. Correct the setting {setting}.',
    'URL“{url}”不是 http 或 https 地址。请更正设置 {setting}。',
  ],
  'metrics.linkLocal': [
    'The URL "{url}" points at a link-local address, which is refused. Correct the setting {setting}.',
    'URL“{url}”指向链路本地地址，已拒绝。请更正设置 {setting}。',
  ],
  'metrics.redirect': [
    'it redirects to another origin ({to}), which is not followed.',
    '它重定向到另一来源（{to}），不予跟随。',
  ],
  'metrics.connected': [
    'Connected to Prometheus {version}: {source}.',
    '已连接 Prometheus {version}：{source}。',
  ],
  'samples.noTracks': [
    '{service} has no stable and canary version to compare.',
    '{service} 没有可比较的稳定版与金丝雀版本。',
  ],
  'samples.notTold': [
    'The metrics cannot tell {track} from the other versions.',
    '无法从指标中区分 {track} 与其他版本。',
  ],
  'samples.bothTracks': [
    'Prometheus answered a series that fits both versions, so none is counted.',
    'Prometheus 返回的一条序列同时符合两个版本，因此均不计入。',
  ],
  'samples.podsNotTold': [
    'The pods of {track} cannot be told from those of other versions: its Deployment has too long a name, and no Service of its own.',
    '无法区分 {track} 与其他版本的 Pod：其 Deployment 名称过长，且没有自己的 Service。',
  ],
  'samples.noPods': [
    'The endpoints of the Service {service} cannot be read: {reason}',
    '无法读取 Service {service} 的端点：{reason}',
  ],
  'samples.badSlices': [
    'the API server answered {status} without a list of EndpointSlices.',
    'API 服务器返回 {status}，没有 EndpointSlice 列表。',
  ],
  'samples.noStatus': [
    'No series of {counter} says how a request ended: it has none of the labels {labels}.',
    '{counter} 的序列没有说明请求的结果：缺少标签 {labels}。',
  ],
  'samples.twice': [
    'Prometheus answered one series twice, so none is counted.',
    'Prometheus 将同一条序列返回了两次，因此均不计入。',
  ],
  'samples.slow': [
    'Prometheus did not answer within {seconds} s.',
    'Prometheus 未在 {seconds} 秒内应答。',
  ],
  'ownQuery.unknown': [
    '{place} is unknown in a query. Known are namespace, service, track, workload, pods and window.',
    '查询中的 {place} 未知。可用的有 namespace、service、track、workload、pods 与 window。',
  ],
  'ownQuery.outside': [
    '{place} belongs between quotes in a query, as in namespace="…".',
    '查询中的 {place} 应写在引号内，例如 namespace="…"。',
  ],
  'ownQuery.inside': [
    '{place} is a duration and belongs outside of quotes, as in rate(x[…]).',
    '{place} 是时长，应写在引号之外，例如 rate(x[…])。',
  ],
  'ownQuery.noPattern': [
    '{place} is a pattern and belongs behind =~ or !~.',
    '{place} 是正则表达式，应写在 =~ 或 !~ 之后。',
  ],
  'ownQuery.absent': [
    'There is nothing to put for {place}: {track} has none now.',
    '{place} 没有可填入的值：{track} 目前没有。',
  ],
  'ownQuery.range': [
    'The query gives values over time where one value now was expected. Remove its range selector or apply a function.',
    '查询返回了一段时间内的多个值，而预期为当前的一个值。请去掉区间选择器，或应用一个函数。',
  ],
  'alerts.notAlertmanager': [
    'what answers at {url} is not Alertmanager.',
    '{url} 处应答的不是 Alertmanager。',
  ],
  'alerts.notFiltered': [
    'it answered with alerts that were not asked for, at {url}.',
    '它在 {url} 返回了未查询的告警。',
  ],
  'alerts.refused': ['it refused a matcher: {message}', '它拒绝了匹配条件：{message}'],
  'alerts.slow': ['no whole answer in {seconds} s.', '{seconds} 秒内未收到完整应答。'],
  'alerts.failed': ['Alertmanager did not answer: {reason}', 'Alertmanager 未应答：{reason}'],
  'alerts.triedNone': [
    'No Service in this cluster looks like Alertmanager. Set its URL, or give its Service the label app.kubernetes.io/name=alertmanager.',
    '此集群中没有看起来是 Alertmanager 的 Service。请设置其 URL，或为其 Service 添加标签 app.kubernetes.io/name=alertmanager。',
  ],
  'alerts.connected': [
    'Connected to Alertmanager {version}: {source}.',
    '已连接 Alertmanager {version}：{source}。',
  ],
} as const satisfies Catalogue;

export const say = speaker(metricsWords);
