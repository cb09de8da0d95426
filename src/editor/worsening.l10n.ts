import { speaker, type Catalogue } from '../base/text.ts';

export const worseningWords = {
  'worsening.text': [
    '{service} ({context}): {canary} of requests to the canary succeed against {stable} on stable.',
    '{service}（{context}）：金丝雀版本的请求成功率为 {canary}，稳定版为 {stable}。',
  ],
  'worsening.percent': ['{n} %', '{n}%'],
  'worsening.open': ['Open', '打开'],
  'worsening.rollback': ['Roll Back', '回滚'],
} as const satisfies Catalogue;

export const say = speaker(worseningWords);
