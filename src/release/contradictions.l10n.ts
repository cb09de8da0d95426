import { speaker, type Catalogue } from '../base/text.ts';

/** What a plan can say against itself. */
export const contradictionWords = {
  'plan.interval': [
    'The interval between two looks is 5s to 5m, not {value}.',
    '两次检查之间的间隔应为 5s 到 5m，而不是 {value}。',
  ],
  'plan.noTarget': [
    'A step says what it changes: "weight" for a share of the requests, or "pods" for a batch of pods.',
    '每一步都要写明改变什么："weight" 为请求占比，"pods" 为一批 Pod。',
  ],
  'plan.twoTargets': [
    'A step has "weight" or "pods", not both.',
    '一步只能写 "weight" 或 "pods"，不能同时写。',
  ],
  'plan.onlyPods': [
    '"{key}" belongs to a step with "pods"; a step with "weight" starts no pods.',
    '“{key}” 属于带 "pods" 的步骤；带 "weight" 的步骤不会启动 Pod。',
  ],
  'plan.podsMatch': [
    'A batch of pods cannot choose its requests; "matches" belongs to a step with "weight".',
    '一批 Pod 无法挑选请求；"matches" 属于带 "weight" 的步骤。',
  ],
  'plan.noRoom': [
    'With maxSurge and maxUnavailable both 0 no pod can be replaced. Raise one of them.',
    'maxSurge 与 maxUnavailable 均为 0 时，任何 Pod 都无法替换。请提高其中之一。',
  ],
  'plan.tooShort': [
    'A step of {value} is over before the metrics were looked at twice; give it at least {least}.',
    '{value} 的步骤在指标被检查两次之前就结束了；请至少给 {least}。',
  ],
  'plan.maxBelowMin': [
    'The longest time of the step, {max}, is below the shortest, {min}.',
    '此步骤的最长时间 {max} 小于最短时间 {min}。',
  ],
  'plan.tooLongStep': ['A step lasts at most 7 days (168h).', '一步最多持续 7 天（168h）。'],
  'plan.emptyMatch': [
    'A match without a condition fits every request. Add headers, cookies, users or device, or leave "matches" out.',
    '没有条件的匹配会匹配所有请求。请加上 headers、cookies、users 或 device，或去掉 "matches"。',
  ],
  'plan.mixedUnits': [
    'All steps of a plan use the same unit: weight, pods in percent, or a number of pods.',
    '同一计划的所有步骤须用相同的单位：weight、Pod 百分比或 Pod 数。',
  ],
  'plan.narrower': [
    'The step before gave the canary requests of everybody; a step for chosen requests comes before that.',
    '前一步已将所有人的请求分给金丝雀版本；只针对部分请求的步骤应放在它之前。',
  ],
  'plan.notRising': [
    'Each step gives the canary more than the one before: {now} is not above {was}. To narrow after a failure, use "stepBack".',
    '每一步给金丝雀版本的都要多于前一步：{now} 不大于 {was}。若要在失败后收窄，请用 "stepBack"。',
  ],
  'plan.noMetrics': [
    'Step {step} goes on by itself, but no metric says whether it may. Add "metrics", or "gate: manual" to every step.',
    '第 {step} 步会自动继续，但没有指标判断是否可以。请添加 "metrics"，或为每一步写 "gate: manual"。',
  ],
  'plan.nothingToCompare': [
    'The first step leaves the stable version no request, so there is nothing to compare "{name}" with. Begin with a smaller step, or give it a limit instead.',
    '第一步就不给稳定版留下请求，“{name}”无从对比。请从更小的一步开始，或改用限值。',
  ],
  'plan.sameName': [
    'Two metrics are called "{name}". Give one of them another name.',
    '有两个指标都叫“{name}”。请为其中一个另取名称。',
  ],
  'plan.noLimit': [
    'The metric "{name}" has no limit: add "{key}", "compare", or both.',
    '指标“{name}”没有限值：请添加 "{key}"、"compare" 或两者。',
  ],
  'plan.place.unknown': [
    'Nothing is given for {place}. Add it to "args", or use namespace, service, track, workload, pods or window.',
    '{place} 没有给出值。请在 "args" 中添加，或使用 namespace、service、track、workload、pods、window。',
  ],
  'plan.place.outside': [
    '{place} stands in quotation marks, like namespace="{place}".',
    '{place} 应写在引号中，例如 namespace="{place}"。',
  ],
  'plan.place.inside': [
    '{place} stands outside of quotation marks, like rate(x[{place}]).',
    '{place} 应写在引号之外，例如 rate(x[{place}])。',
  ],
  'plan.place.noPattern': [
    '{place} stands for several pods: write pod=~"{place}".',
    '{place} 代表多个 Pod：请写 pod=~"{place}"。',
  ],
  'plan.place.bare': [
    '{place} needs braces: write a place to fill in as ${name}.',
    '{place} 需要花括号：要填入的位置写作 ${name}。',
  ],
  'plan.unusedArgument': [
    'The query does not use "{name}". Use it as {place}, or remove it here.',
    '查询没有使用“{name}”。请以 {place} 使用它，或在此处删除。',
  ],
  'plan.noStableQuery': [
    'To compare with the stable version the query must differ for it: use ${track}, ${workload} or ${pods}, or an argument with a value for each.',
    '要与稳定版对比，两者的查询须不同：请使用 ${track}、${workload} 或 ${pods}，或让一个参数分别给出两者的值。',
  ],
  'plan.deadline': [
    'The whole run may take {value}, but its steps take at least {least}.',
    '整个运行限时 {value}，但各步骤至少需要 {least}。',
  ],
  'plan.noStepBack': [
    'A plan with one step has none to step back to.',
    '只有一步的计划没有可退回的步骤。',
  ],
  'plan.sameTracks': [
    'The stable and the canary track are the same.',
    '稳定版与金丝雀版本是同一个版本。',
  ],
} as const satisfies Catalogue;

export const say = speaker(contradictionWords);
