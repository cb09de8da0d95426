import { speaker, type Catalogue } from '../base/text.ts';

export const actionsWords = {
  'actions.notConnected': [
    'The context {context} is not connected. Open it in the Services view and try again.',
    '上下文 {context} 未连接。请在“服务”视图中打开它后重试。',
  ],
  'actions.gone': [
    'This rollout is gone. Nothing was written. Refresh the view to see what is there now.',
    '该灰度发布已不存在。未写入任何内容。请刷新视图查看当前状态。',
  ],
  'actions.readOnly': [
    'Read-only mode is on, so nothing was written. Turn off the setting cablecar.readOnly to write.',
    '只读模式已开启，未写入任何内容。请关闭设置 cablecar.readOnly 后再写入。',
  ],
  'actions.busy': [
    'Another action on {service} is under way. Wait for it to end.',
    '对 {service} 的另一项操作正在进行，请等待其结束。',
  ],
} as const satisfies Catalogue;

export const say = speaker(actionsWords);
