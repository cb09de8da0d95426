import { percentText } from '../base/share.ts';
import { speaker, type Catalogue, type Text } from '../base/text.ts';
import { refText } from '../model/objects.ts';
import type { Preview } from '../operations/ports.ts';

export const consentWords = {
  'consent.where': ['Context {context}', '上下文 {context}'],
  'consent.whereProtected': ['Context {context} (protected)', '上下文 {context}（受保护）'],
  'consent.object': ['{object}', '{object}'],
  'consent.field': ['    {label}: {from} → {to}', '    {label}：{from} → {to}'],
  'consent.create': ['    will be created', '    将被创建'],
  'consent.delete': ['    will be deleted', '    将被删除'],
  'consent.warning': ['Note: {text}', '注意：{text}'],
  'consent.send': ['Send {percent} %', '发送 {percent} %'],
  'consent.promote': ['Promote', '提升为稳定版'],
  'consent.rollback': ['Roll Back', '回滚'],
  'consent.undo': ['Undo', '撤销'],
  'consent.startCanary': ['Start Canary', '启动金丝雀版本'],
  'consent.endCanary': ['End Canary', '结束金丝雀版本'],
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

/** What the modal shows: one sentence, then where and what, line by line, and a button that says the verb. */
export interface ConsentQuestion {
  readonly message: Text;
  readonly detail: readonly Text[];
  readonly button: Text;
}

export interface ConsentFacts {
  readonly context: string;
  readonly protected: boolean;
  readonly intent: string;
}

/** The modal for a change set: context, namespace, object and from → to (DESIGN 4). Pure. */
export function consentQuestion(preview: Preview, facts: ConsentFacts): ConsentQuestion {
  const { changes } = preview;
  const where = say(facts.protected ? 'consent.whereProtected' : 'consent.where', {
    context: facts.context,
  });
  const objects = changes.changes.flatMap((change) => [
    say('consent.object', { object: refText(change.target) }),
    ...change.fields.map(({ label, from, to }) =>
      say('consent.field', { label, from: from === '' ? '–' : from, to: to === '' ? '–' : to }),
    ),
    ...(change.kind === 'create' ? [say('consent.create')] : []),
    ...(change.kind === 'delete' ? [say('consent.delete')] : []),
  ]);
  const warnings = preview.warnings.map((text) => say('consent.warning', { text }));
  return {
    message: changes.summary,
    detail: [where, ...objects, ...warnings],
    button: buttonOf(facts.intent, changes.achieved),
  };
}

function buttonOf(intent: string, achieved: number | undefined): Text {
  switch (intent) {
    case 'promote':
    case 'rollback':
    case 'undo':
    case 'startCanary':
    case 'endCanary':
      return say(`consent.${intent}`);
    default:
      return say('consent.send', { percent: percentText(achieved ?? 0) });
  }
}
