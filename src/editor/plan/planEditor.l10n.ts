import { speaker, type Catalogue } from '../../base/text.ts';

/** What the editor of plan files says itself; problems and fields have their words in src/release. */
export const planEditorWords = {
  'planEditor.validate': ['Validate', '验证'],
  'planEditor.run': ['Run in Editor', '在编辑器中运行'],
  'planEditor.export': ['Export Alert Rule…', '导出告警规则…'],
  'planEditor.good': [
    'This plan has no problems: {steps} steps, at least {least}, at most {most}.',
    '此计划没有问题：共 {steps} 步，至少 {least}，最多 {most}。',
  ],
  'planEditor.bad': ['This plan has {n} problems.', '此计划有 {n} 个问题。'],
  'planEditor.noPlan': [
    'No release plan is open. Its file name ends with .cablecar.yaml.',
    '没有打开的发布计划。其文件名以 .cablecar.yaml 结尾。',
  ],
  'planEditor.new': ['New Release Plan', '新建发布计划'],
  'planEditor.looking': ['Looking at the traffic of {service}', '正在查看 {service} 的流量'],
  'planEditor.noWeights': [
    'No plan was written: the split of {service} cannot be set here. {reason}',
    '没有写出计划：此处无法设置 {service} 的流量切分。{reason}',
  ],
  'planEditor.noLimits': [
    'This plan has no limit ("max" or "limit") that could become an alert; comparisons with the stable version are judged by the run itself.',
    '此计划没有可转为告警的限值（"max" 或 "limit"）；与稳定版的对比由运行本身判断。',
  ],
  'planEditor.noQueries': [
    'No connected context has a rollout of {service} in {namespace} whose canary has metrics of its own. Open it in the Services view, then export again.',
    '已连接的上下文中，{namespace} 里没有 {service} 的灰度发布，或其金丝雀版本没有单独的指标。请先在“服务”视图中打开它，再导出。',
  ],
  'planEditor.format': ['How your Prometheus takes its rules', 'Prometheus 以何种方式读取规则'],
  'planEditor.formatObject': [
    'An object of the Prometheus operator, to be applied to the cluster',
    'Prometheus Operator 的对象，应用到集群',
  ],
  'planEditor.ruleFile': ['Rule file', '规则文件'],
  'planEditor.formatFile': [
    'A file that "rule_files" in the configuration of Prometheus names',
    'Prometheus 配置中 "rule_files" 指定的文件',
  ],
  'planEditor.listens': [
    'The plan listens to these alerts when rollback.alerts has the entry {matcher}',
    '在 rollback.alerts 中加入 {matcher} 后，计划即监听这些告警',
  ],
  'planEditor.copyMatcher': ['Copy Entry', '复制此项'],
  'planEditor.required': ['Required.', '必填。'],
  'planEditor.default': ['Default: {value}.', '默认值：{value}。'],
  'planEditor.values': ['One of: {values}.', '可选值：{values}。'],
} as const satisfies Catalogue;

export const say = speaker(planEditorWords);
