import { speaker, type Catalogue } from '../base/text.ts';

/** What alerting rules of a plan say, and what cannot become one. */
export const alertRuleWords = {
  'alertRule.errors': [
    '{service}: more than {max} % of the requests of the canary fail',
    '{service}：金丝雀版本失败的请求超过 {max}%',
  ],
  'alertRule.latency': [
    '{service}: {quantile} of the canary is above {max} ms',
    '{service}：金丝雀版本的 {quantile} 高于 {max} ms',
  ],
  'alertRule.above': ['{service}: {name} is above {limit}', '{service}：{name} 高于 {limit}'],
  'alertRule.below': ['{service}: {name} is below {limit}', '{service}：{name} 低于 {limit}'],
  'alertRule.head': [
    'Alerting rules of the release plan {plan}. The plan listens to them with this entry of rollback.alerts:',
    '发布计划 {plan} 的告警规则。计划用 rollback.alerts 中的这一项监听它们：',
  ],
  'alertRule.left': [
    'The query "{name}" names its pods and is left out: pods change, a rule does not.',
    '查询“{name}”指定了 Pod，因此略去：Pod 会变，规则不会。',
  ],
  'alertRule.selector': [
    'Many clusters pick up only rules with a certain label, often "release". Ask who runs your Prometheus, and add it to the labels below.',
    '许多集群只采用带有特定标签（常为 "release"）的规则。请询问 Prometheus 的管理者，并加到下方的标签中。',
  ],
} as const satisfies Catalogue;

export const say = speaker(alertRuleWords);
