import { speaker, type Catalogue } from '../../base/text.ts';

/** What the judge says: why a look is not judged, and what it saw. `{track}` is one of the two words below; ratios are percent. */
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
    'Series of {track} that are gone although their pods are there: {n}. This look is not judged.',
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
  'analysis.broken': [
    "{bad} of the canary's last {requests} requests failed ({percent} %), so it is stopped at once.",
    '金丝雀版本最近 {requests} 个请求中有 {bad} 个失败（{percent}%），立即停止。',
  ],
  'analysis.moreErrors': [
    "{canary} % of the canary's requests failed, {stable} % of stable's: more than chance explains (certainty {certainty} %, however often it is looked at).",
    '金丝雀版本有 {canary}% 的请求失败，稳定版为 {stable}%：并非偶然（无论查看多少次，置信度均为 {certainty}%）。',
  ],
  'analysis.errorsOverLimit': [
    "{canary} % of the canary's requests failed; the limit of {limit} % is broken beyond chance (certainty {certainty} %, however often it is looked at).",
    '金丝雀版本有 {canary}% 的请求失败，超过 {limit}% 的上限，并非偶然（无论查看多少次，置信度均为 {certainty}%）。',
  ],
  'analysis.moreErrorsThanBefore': [
    "{canary} % of the canary's requests failed. Stable gets none any more; before, it had {stable} %. More than {limit} % is too many.",
    '金丝雀版本有 {canary}% 的请求失败。稳定版已无请求，此前为 {stable}%。超过 {limit}% 即为过多。',
  ],
  'analysis.bothOver': [
    "Both tracks are over the limit: the canary with {canary} %, stable with {stable} %. That is not the canary's doing, so the run holds.",
    '两个版本都超过上限：金丝雀版本 {canary}%，稳定版 {stable}%。这并非金丝雀版本所致，因此保持不动。',
  ],
  'analysis.bothWorse': [
    'Both tracks got worse together; a dependency may be down. The run holds until it is over.',
    '两个版本同时变差，可能是某个依赖出现故障。在恢复之前保持不动。',
  ],
  'analysis.noRequests': [
    'The canary has had no requests yet that count.',
    '金丝雀版本尚无可计入的请求。',
  ],
  'analysis.noStableRequests': [
    'Stable gets no requests, so there is nothing to compare with. Give the metric a limit of its own.',
    '稳定版没有请求，无从比较。请为该指标设置自己的上限。',
  ],
  'analysis.fewRequests': [
    'The canary has had {requests} of the {wanted} requests that this step asks for{more}.',
    '金丝雀版本已处理 {requests} 个请求，此步骤要求 {wanted} 个{more}。',
  ],
  'analysis.open': ['Not enough requests to tell yet{more}.', '请求数尚不足以得出结论{more}。'],
  'analysis.more': [
    '; about {seconds} s more at this traffic',
    '；按当前流量约需再过 {seconds} 秒',
  ],
  'analysis.notRead': ['The requests could not be read: {reason}', '无法读取请求数：{reason}'],
  'analysis.againstBefore': [
    'Stable gets no requests in this step. The canary is compared with what stable had before; the time of day may differ.',
    '此步骤中稳定版没有请求。金丝雀版本与稳定版此前的数据比较；时段可能不同。',
  ],
  'analysis.matched': [
    'The canary gets only requests that match, stable all others, so the two may differ for that reason alone.',
    '金丝雀版本只接收匹配的请求，其余归稳定版，两者可能仅因此而不同。',
  ],
  'analysis.clustered': [
    'Errors cluster in single pods ({factor} times what chance does), so they count {factor} times less.',
    '错误集中在个别 Pod（为随机情形的 {factor} 倍），因此按 {factor} 分之一计入。',
  ],
  'analysis.nativeHistogram': [
    'Response times are in a native histogram ({series}), which is not judged. Let Prometheus keep the classic buckets too.',
    '响应时间使用原生直方图（{series}），无法判断。请让 Prometheus 同时保留经典的桶。',
  ],
  'analysis.badBuckets': [
    'The buckets of the response time are not complete or not in order ({series}), so it is not judged.',
    '响应时间的桶不完整或顺序有误（{series}），不作判断。',
  ],
  'analysis.differentBuckets': [
    'The buckets of the response time are not the same in all series ({series}), so they cannot be compared. Use the same bounds in both versions.',
    '响应时间的桶在各序列中不一致（{series}），无法比较。请在两个版本中使用相同的边界。',
  ],
  'analysis.changedBuckets': [
    'The buckets of the response time have changed, so counting begins anew.',
    '响应时间的桶已改变，重新开始计数。',
  ],
  'analysis.unevenBuckets': [
    'A bucket of the response time holds fewer requests than a smaller one, so this look is not judged.',
    '响应时间的某个桶比更小的桶计数更少，本次不作判断。',
  ],
  'analysis.latencyNotAsked': [
    'There is no answer to the query for response times.',
    '响应时间的查询没有应答。',
  ],
  'analysis.latencyNotRead': [
    'The response times could not be read: {reason}',
    '无法读取响应时间：{reason}',
  ],
  'analysis.slower': [
    '{quantile} of the canary is {canary} ms, of stable {stable} ms: more than chance explains (certainty {certainty} %, however often it is looked at).',
    '金丝雀版本的 {quantile} 为 {canary} ms，稳定版为 {stable} ms：并非偶然（无论查看多少次，置信度均为 {certainty}%）。',
  ],
  'analysis.slowOverLimit': [
    '{quantile} of the canary is {canary} ms; the limit of {limit} ms is broken beyond chance (certainty {certainty} %, however often it is looked at).',
    '金丝雀版本的 {quantile} 为 {canary} ms，超过 {limit} ms 的上限，并非偶然（无论查看多少次，置信度均为 {certainty}%）。',
  ],
  'analysis.slowerThanBefore': [
    '{quantile} of the canary is {canary} ms. Stable gets no requests any more; before, it had {stable} ms.',
    '金丝雀版本的 {quantile} 为 {canary} ms。稳定版已无请求，此前为 {stable} ms。',
  ],
  'analysis.bothSlow': [
    "Both tracks are over the limit: the canary with {canary} ms, stable with {stable} ms. That is not the canary's doing, so the run holds.",
    '两个版本都超过上限：金丝雀版本 {canary} ms，稳定版 {stable} ms。这并非金丝雀版本所致，因此保持不动。',
  ],
  'analysis.betweenBuckets': [
    'The buckets of the response time cannot tell for sure whether {limit} ms is kept: {quantile} is between {low} and {high} ms, and looks too slow. Set the limit to one of both.',
    '响应时间的桶无法确定是否满足 {limit} ms：{quantile} 位于 {low} 与 {high} ms 之间，看上去偏慢。请将上限设为其中之一。',
  ],
  'analysis.querySeveral': [
    'The query of "{name}" for {track} gives {n} series; it must give one. Sum them up or select one.',
    '“{name}”对{track}的查询返回 {n} 条序列，必须只有一条。请汇总或选定其一。',
  ],
  'analysis.queryNone': [
    'The query of "{name}" for {track} gives no series.',
    '“{name}”对{track}的查询没有返回序列。',
  ],
  'analysis.queryNoNumber': [
    'The query of "{name}" for {track} gives a value that is not a finite number.',
    '“{name}”对{track}的查询返回的值不是有限的数字。',
  ],
  'analysis.queryNotAsked': [
    'There is no answer to the query of "{name}" for {track}.',
    '“{name}”对{track}的查询没有应答。',
  ],
  'analysis.queryBad': [
    '"{name}" is bad, looks in a row: {inRow}. It is {canary} now{against}.',
    '“{name}”连续 {inRow} 次不合格；当前为 {canary}{against}。',
  ],
  'analysis.queryAgainst': [', stable {stable}', '，稳定版为 {stable}'],
  'analysis.queryOpen': [
    '"{name}" is {state}, looks in a row: {inRow} of {of}.',
    '“{name}”{state}，已连续 {inRow} 次，需要 {of} 次。',
  ],
  'analysis.good': ['good', '合格'],
  'analysis.bad': ['bad', '不合格'],
} as const satisfies Catalogue;

export const say = speaker(analysisWords);
