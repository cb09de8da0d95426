import { speaker, type Catalogue } from '../base/text.ts';

export const consentWords = {
  'consent.where': ['Context {context}', '上下文 {context}'],
  'consent.whereProtected': ['Context {context} (protected)', '上下文 {context}（受保护）'],
  'consent.object': ['{object}', '{object}'],
  'consent.field': ['    {label}: {from} → {to}', '    {label}：{from} → {to}'],
  'consent.create': ['    will be created', '    将被创建'],
  'consent.delete': ['    will be deleted', '    将被删除'],
  'consent.warning': ['Note: {text}', '注意：{text}'],
  'consent.send': ['Send {percent} %', '发送 {percent}%'],
  'consent.sendAll': ['Send', '发送'],
  'consent.setMatch': ['Change Rules', '更改规则'],
  'consent.promote': ['Promote', '提升为稳定版'],
  'consent.rollback': ['Roll Back', '回滚'],
  'consent.undo': ['Undo', '撤销'],
  'consent.startCanary': ['Start Canary', '启动金丝雀版本'],
  'consent.endCanary': ['End Canary', '结束金丝雀版本'],
  'consent.startUpdate': ['Start Update', '开始更新'],
  'consent.setBatch': ['Widen', '扩大'],
  'consent.setSurge': ['Set Limits', '设置上下限'],
  'consent.pause': ['Pause', '暂停'],
  'consent.resume': ['Resume', '继续'],
  'consent.finish': ['Finish Update', '完成更新'],
  'consent.undoRevision': ['Undo to Revision', '撤销到修订版本'],
  'consent.typeName': [
    '{context} is protected. Type {service} to go on.',
    '{context} 受保护。请输入 {service} 以继续。',
  ],
  'consent.wrongName': [
    'That is not {service}. Nothing was written.',
    '输入的不是 {service}。未写入任何内容。',
  ],
} as const satisfies Catalogue;

export const say = speaker(consentWords);
