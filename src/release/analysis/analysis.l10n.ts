import { speaker, type Catalogue } from '../../base/text.ts';

/** Why a look is not judged. `{track}` is one of the two words below. */
export const analysisWords = {
  'analysis.stable': ['stable', '稳定版'],
  'analysis.canary': ['the canary', '金丝雀版本'],
  'analysis.notANumber': [
    'Prometheus answered a value for {track} that is not a finite number, so this look is not judged.',
    'Prometheus 为{track}返回的值不是有限的数字，本次不作判断。',
  ],
  'analysis.stale': [
    'The newest values of {track} are {seconds} s old, more than two scrapes, so this look is not judged. Check that its pods are still scraped.',
    '{track}的最新值已有 {seconds} 秒，超过两次采集的间隔，本次不作判断。请检查其 Pod 是否仍在被采集。',
  ],
  'analysis.podsMissing': [
    'Prometheus has values of {seen} of {expected} pods of {track}; missing: {pods}. Nothing is judged on a part of the pods.',
    'Prometheus 只有{track} {expected} 个 Pod 中 {seen} 个的数据；缺少：{pods}。数据不全时不作判断。',
  ],
  'analysis.seriesGone': [
    '{n} series of {track} are no longer there although their pods are, so this look is not judged.',
    '{track}有 {n} 条序列消失，而其 Pod 仍在，本次不作判断。',
  ],
  'analysis.seriesTwice': [
    'Prometheus answered a series of {track} twice: {series}. If several Prometheus servers scrape it, their replica label must be kept.',
    'Prometheus 将{track}的一条序列返回了两次：{series}。若有多个 Prometheus 采集它，须保留其副本标签。',
  ],
  'analysis.warnings': [
    'Prometheus warns that its answer may be partial, so this look is not judged: {warnings}',
    'Prometheus 警告其应答可能不完整，本次不作判断：{warnings}',
  ],
  'analysis.sameSeries': [
    'The same series or pod is in both tracks ({what}), so they cannot be told apart. Check the labels by which the versions are selected.',
    '同一序列或 Pod 同时出现在两个版本中（{what}），无法区分。请检查用于选择版本的标签。',
  ],
  'analysis.tooManySeries': [
    'There are {n} series of {track}, more than {max}. Keep fewer labels, or sum them by pod in a recording rule.',
    '{track}有 {n} 条序列，超过 {max} 条。请减少标签，或用记录规则按 Pod 汇总。',
  ],
} as const satisfies Catalogue;

export const say = speaker(analysisWords);
