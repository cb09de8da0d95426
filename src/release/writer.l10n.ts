import { speaker, type Catalogue } from '../base/text.ts';

/** Comments in a plan that was written for somebody; each is one line. */
export const writerWords = {
  'writer.traffic': [
    '{service}: {rate} requests/s, {errors} % of them failed, p99 {p99} (the stable version, now).',
    '{service}：{rate} 请求/秒，失败 {errors}%，p99 {p99}（稳定版，当前）。',
  ],
  'writer.noTraffic': [
    'No requests were seen just now, so the times are a guess: change them.',
    '目前没有看到请求，因此时间只是估计：请自行修改。',
  ],
  'writer.noMetrics': [
    'No Prometheus answered, so a person decides at each step. With one, add "metrics" and take "gate: manual" away.',
    '没有 Prometheus 应答，因此每一步由人决定。有了之后，请添加 "metrics" 并去掉 "gate: manual"。',
  ],
  'writer.noSeries': [
    'Requests are counted, but no series tells which failed or how long they took, so a person decides at each step.',
    '请求有计数，但没有序列说明哪些失败或耗时多久，因此每一步由人决定。',
  ],
  'writer.help': [
    'A step is left only when all metrics passed. Ctrl+Space shows what else a plan may have.',
    '所有指标通过后才会离开一步。按 Ctrl+Space 查看计划还可以写什么。',
  ],
  'writer.seen': [
    'At {weight} % and {rate} requests/s a doubling of the errors ({from} % to {to} %) is seen after {time}.',
    '占比 {weight}%、{rate} 请求/秒时，错误翻倍（{from}% 到 {to}%）在 {time} 后可以看出。',
  ],
  'writer.seenLater': [
    'At {weight} % and {rate} requests/s a doubling of the errors ({from} % to {to} %) would take {time} to be seen; {cap} is enough for {times} times as many.',
    '占比 {weight}%、{rate} 请求/秒时，错误翻倍（{from}% 到 {to}%）需要 {time} 才能看出；{cap} 足以看出 {times} 倍的错误。',
  ],
  'writer.unseen': [
    'At {weight} % and {rate} requests/s not even {times} times the errors ({from} %) are seen within {cap}: give the canary more, or send test traffic.',
    '占比 {weight}%、{rate} 请求/秒时，{cap} 内连 {times} 倍的错误（{from}%）也看不出：请提高占比，或发送测试流量。',
  ],
  'writer.assumed': [
    'No errors were seen; the times count with {base} %.',
    '没有看到错误；时间按 {base}% 计算。',
  ],
  'writer.all': [
    'No request goes to the stable version any more: it is compared with what that had before, and with the limits ("max").',
    '稳定版不再有请求：与其此前的表现以及限值（"max"）对比。',
  ],
  'writer.alerts': [
    'Alerts that take the canary back at once, for example:',
    '立即收回金丝雀版本的告警，例如：',
  ],
} as const satisfies Catalogue;

export const say = speaker(writerWords);
