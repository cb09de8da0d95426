import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import { backendOf } from '../../backends/registry.ts';
import { ruleSentence } from '../../backends/ruleText.ts';
import type { Intent } from '../../model/intent.ts';
import {
  deviceClasses,
  isForSome,
  type MatchCondition,
  type Rollout,
  type Rule,
} from '../../model/rollout.ts';
import { plainText } from '../plainText.ts';
import { chooseRollout } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler } from './ports.ts';
import { runIntent } from './run.ts';
import { percentOf } from './setWeight.ts';

type SetMatch = Extract<Intent, { kind: 'setMatch' }>;

/** Adds a rule for some of the requests, or changes the share of one that is there, or takes it away: asked step by step. */
export const setMatch: CommandHandler = async (ctx, target) => {
  const at = await chooseRollout(ctx, target, {
    command: say('command.pickRollout', { command: say('command.setMatch') }),
    fits: (rollout) => whyNot(rollout) === undefined,
    none: say('command.noRollouts'),
  });
  const rollout = at && ctx.source.rollout(at.context, at.rolloutId);
  if (at === undefined || rollout === undefined) return;
  const reason = whyNot(rollout);
  if (reason !== undefined) {
    await ctx.ui.fail(plainText(ctx.render(reason)));
    return;
  }
  const intent = await askIntent(ctx, rollout);
  if (intent !== undefined) await runIntent(ctx, at, intent);
};

/** Why no rule can be written, in one sentence; undefined when one can. */
function whyNot({ service, owner, backend }: Rollout): Text | undefined {
  if (owner?.kind === 'controller')
    return say('weight.owned', { owner: owner.name, service, effect: owner.effect });
  const can = backendOf(backend)?.capabilities.setsMatches === true;
  return can ? undefined : say('setMatch.cannot', { service });
}

async function askIntent(ctx: CommandContext, rollout: Rollout): Promise<SetMatch | undefined> {
  const title = titleOf(ctx, rollout);
  const present = rollout.rules.filter((rule) => isForSome(rule) && rule.readOnly === undefined);
  const what = await ctx.ui.pick<Rule | 'new'>({
    title,
    placeholder: ctx.render(say('setMatch.pickRule')),
    choices: [
      { label: ctx.render(say('setMatch.new')), value: 'new' },
      ...present.map((rule) => ({
        label: plainText(ctx.render(ruleSentence(rollout, rule))),
        value: rule,
      })),
    ],
  });
  if (what === undefined) return undefined;
  return what === 'new' ? askNew(ctx, title) : askChange(ctx, title, { rollout, rule: what });
}

function titleOf(ctx: CommandContext, { service }: Rollout): string {
  return plainText(
    ctx.render(say('command.running', { command: say('command.setMatch'), what: service })),
  );
}

async function askChange(
  ctx: CommandContext,
  title: string,
  { rollout, rule }: { readonly rollout: Rollout; readonly rule: Rule },
): Promise<SetMatch | undefined> {
  const { id, matches } = rule;
  const what = await ctx.ui.pick<'share' | 'remove'>({
    title,
    placeholder: plainText(ctx.render(ruleSentence(rollout, rule))),
    choices: [
      { label: ctx.render(say('setMatch.share')), value: 'share' },
      { label: ctx.render(say('setMatch.remove')), value: 'remove' },
    ],
  });
  if (what === undefined) return undefined;
  if (what === 'remove') return { kind: 'setMatch', rule: id, was: matches };
  const canary = rollout.tracks.find(({ role }) => role === 'canary')?.id;
  const now = rule.destinations.find(({ trackId }) => trackId === canary)?.share ?? 0;
  const percent = await askPercent(ctx, title, percentText(now));
  if (percent === undefined) return undefined;
  return { kind: 'setMatch', rule: id, was: matches, to: { matches, percent } };
}

async function askNew(ctx: CommandContext, title: string): Promise<SetMatch | undefined> {
  const condition = await askCondition(ctx, title);
  if (condition === undefined) return undefined;
  const percent = await askPercent(ctx, title, '10');
  if (percent === undefined) return undefined;
  return { kind: 'setMatch', to: { matches: [[condition]], percent } };
}

const kinds = ['device', 'user', 'header', 'cookie', 'source'] as const;
type Kind = (typeof kinds)[number];

/** Headers that are usual; anything else can be typed over them. */
const usualNames: Readonly<Record<Exclude<Kind, 'device'>, string>> = {
  user: 'x-user-id',
  header: 'x-canary',
  cookie: 'group',
  source: 'x-envoy-external-address',
};

async function askCondition(
  ctx: CommandContext,
  title: string,
): Promise<MatchCondition | undefined> {
  const on = await ctx.ui.pick<Kind>({
    title,
    placeholder: ctx.render(say('setMatch.pickKind')),
    choices: kinds.map((kind) => ({
      label: ctx.render(say(`setMatch.kind.${kind}`)),
      value: kind,
    })),
  });
  if (on === undefined) return undefined;
  if (on === 'device') {
    const value = await ctx.ui.pick({
      title,
      placeholder: ctx.render(say('setMatch.pickDevice')),
      choices: deviceClasses.map((device) => ({
        label: ctx.render(say(`setMatch.device.${device}`)),
        value: device,
      })),
    });
    return value && { on, op: 'exact', name: 'user-agent', value };
  }
  return askHeader(ctx, title, on);
}

async function askHeader(
  ctx: CommandContext,
  title: string,
  on: Exclude<Kind, 'device'>,
): Promise<MatchCondition | undefined> {
  const needed = (input: string): string =>
    input.trim() === '' ? ctx.render(say('setMatch.needed')) : '';
  const name = await ctx.ui.input({
    title,
    prompt: ctx.render(say(on === 'cookie' ? 'setMatch.cookieName' : 'setMatch.headerName')),
    value: usualNames[on],
    validate: needed,
  });
  if (name === undefined) return undefined;
  const isList = on === 'user' || on === 'source';
  const typed = await ctx.ui.input({
    title,
    prompt: ctx.render(say(isList ? 'setMatch.values' : 'setMatch.value', { name: name.trim() })),
    value: '',
    validate: needed,
  });
  if (typed === undefined) return undefined;
  const values = isList ? listOf(typed) : [typed.trim()];
  const op = values.length > 1 ? 'oneOf' : 'exact';
  return { on, op, name: name.trim(), value: values.join(',') };
}

function listOf(text: string): readonly string[] {
  return text
    .split(/[,，]/)
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

async function askPercent(
  ctx: CommandContext,
  title: string,
  now: string,
): Promise<number | undefined> {
  const text = await ctx.ui.input({
    title,
    prompt: ctx.render(say('setMatch.percent')),
    value: now,
    validate: (input) => (percentOf(input) === undefined ? ctx.render(say('weight.invalid')) : ''),
  });
  return text === undefined ? undefined : percentOf(text);
}
