import { speaker, type Catalogue } from '../base/text.ts';

export const stateWords = {
  'state.backendFailed': [
    '{backend} could not be read in {namespace} ({reason}). This is a fault of Cablecar: the other back ends go on; please report it with "Copy Support Report".',
    '无法在 {namespace} 中读取 {backend}（{reason}）。这是 Cablecar 的缺陷：其他后端不受影响；请用“复制支持报告”进行反馈。',
  ],
} as const satisfies Catalogue;

export const say = speaker(stateWords);
