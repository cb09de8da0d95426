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
