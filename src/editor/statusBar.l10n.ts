import { speaker, type Catalogue } from '../base/text.ts';

export const statusWords = {
  'status.rollout': ['{service} {percent} %', '{service} {percent}%'],
  'status.update': ['{service} {updated}/{wanted} pods', '{service} {updated}/{wanted} 个 Pod'],
  'status.more': ['{first} +{n}', '{first} +{n}'],
  'status.tooltip': [
    'Canaries under way: {n}; waiting for a decision: {waiting}. Current context: {context}. Click to open {service}.',
    '进行中的金丝雀版本：{n}；等待决定：{waiting}。当前上下文：{context}。点击打开 {service}。',
  ],
  'status.protectedTooltip': [
    'The current context {context} is protected: a change asks to type the name of the service.',
    '当前上下文 {context} 受保护：更改前需要输入服务名称。',
  ],
} as const satisfies Catalogue;

export const say = speaker(statusWords);
