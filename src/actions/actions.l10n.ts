import { speaker, type Catalogue } from '../base/text.ts';

/** Sentences about an intent that no back end needs to see. */
export const actionWords = {
  'action.unknownBackend': [
    'No back end of this version can write {rollout}.',
    '此版本中没有能写入 {rollout} 的后端。',
  ],
  'action.owned': [
    '{owner} decides the split of {rollout}, so nothing was written. {effect}',
    '{rollout} 的流量切分由 {owner} 决定，因此没有写入任何内容。{effect}',
  ],
  'action.noPercents': [
    'No percentage was given for {rollout}: name at least one track.',
    '没有为 {rollout} 指定百分比：请至少指定一个版本。',
  ],
  'action.unknownTrack': [
    '{rollout} has no track "{track}"; it has {tracks}.',
    '{rollout} 没有版本“{track}”；现有版本：{tracks}。',
  ],
  'action.notAPercent': [
    '{value} for "{track}" is not a whole percentage from 0 to 100.',
    '“{track}”的值 {value} 不是 0 到 100 之间的整数百分比。',
  ],
  'action.tooMuch': [
    'The percentages add up to {sum}, which is more than 100.',
    '百分比之和为 {sum}，超过了 100。',
  ],
  'action.tooLittle': [
    'The percentages add up to {sum}, and no other track is left to take the rest.',
    '百分比之和为 {sum}，且没有其他版本可以承接其余流量。',
  ],
  'action.unknownRule': ['{rollout} has no rule "{rule}".', '{rollout} 没有规则“{rule}”。'],
  'action.noCanary': [
    '{rollout} has no canary, so there is nothing to promote, roll back or end.',
    '{rollout} 没有金丝雀版本，因此无法提升、回滚或结束。',
  ],
  'action.cannotStart': [
    'No back end of this version can start a canary beside {workload}.',
    '此版本中没有能在 {workload} 旁启动金丝雀版本的后端。',
  ],
  'action.noImage': [
    'No image was given for the canary of {workload}.',
    '没有为 {workload} 的金丝雀版本指定镜像。',
  ],
  'action.badImage': [
    '"{image}" is not an image name: it must have no spaces and no control characters.',
    '“{image}”不是镜像名称：不能包含空格或控制字符。',
  ],
  'action.noBatches': [
    '{rollout} cannot be updated in batches here.',
    '此处无法分批更新 {rollout}。',
  ],
  'action.notABatch': [
    '{value} is not a batch: give a whole number of pods, or a whole percentage of them from 1 to 100.',
    '{value} 不是有效的批次：请填写 Pod 的整数个数，或 1 到 100 之间的整数百分比。',
  ],
  'action.otherNamespace': [
    '{workload} and {service} are in different namespaces, so the Service cannot select its pods.',
    '{workload} 与 {service} 位于不同的命名空间，该 Service 无法选中其 Pod。',
  ],
} as const satisfies Catalogue;

export const say = speaker(actionWords);
