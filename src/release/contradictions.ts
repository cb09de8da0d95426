import type { Text } from '../base/text.ts';
import { metricName } from './normalise.ts';
import { say } from './contradictions.l10n.ts';
import type { FileMetric, FileStep, PlanFile } from './planFile.ts';
import { queryOf } from './planQuery.ts';
import { durationText } from './units.ts';
import type { Path } from './yamlText.ts';

/** Something that a plan says against itself, with the path of the value that has to change. */
export interface Contradiction {
  readonly path: Path;
  readonly text: Text;
  /** Of the key, where the value says nothing. */
  readonly of?: 'key';
}

const week = 7 * 86_400;

/** What fits the schema and still makes no sense. */
export function contradictions(file: PlanFile): Contradiction[] {
  return [
    ...ofTimes(file),
    ...file.steps.flatMap((step, index) => ofStep(step, index, file)),
    ...ofWeights(file.steps),
    ...ofMetrics(file),
    ...ofRun(file),
  ];
}

function ofTimes({ interval }: PlanFile): Contradiction[] {
  if (interval >= 5 && interval <= 300) return [];
  return [{ path: ['interval'], text: say('plan.interval', { value: durationText(interval) }) }];
}

function ofStep(step: FileStep, index: number, file: PlanFile): Contradiction[] {
  const found = [...ofTarget(step), ...ofDuration(step, file)];
  const matches = (step.matches ?? []).flatMap((match, m) =>
    Object.keys(match).length > 0
      ? []
      : [{ path: ['steps', index, 'matches', m], text: say('plan.emptyMatch') }],
  );
  const isWithout = step.weight === undefined && step.pods === undefined;
  return [
    ...(isWithout ? [{ path: ['steps', index], text: say('plan.noTarget') }] : []),
    ...found.flatMap((one) => (one ? [{ path: ['steps', index, one[0]], text: one[1] }] : [])),
    ...matches,
  ];
}

type OfKey = readonly [key: string, text: Text] | false;

function ofTarget({ weight, pods, matches, maxSurge, maxUnavailable }: FileStep): OfKey[] {
  const isBatch = pods !== undefined;
  const limits = Object.entries({ maxSurge, maxUnavailable }).filter(
    ([, limit]) => limit !== undefined,
  );
  return [
    isBatch && weight !== undefined && ['pods', say('plan.twoTargets')],
    isBatch && matches !== undefined && ['matches', say('plan.podsMatch')],
    isNothing(maxSurge) && isNothing(maxUnavailable) && ['maxSurge', say('plan.noRoom')],
    ...limits.map(([key]): OfKey => !isBatch && [key, say('plan.onlyPods', { key })]),
  ];
}

function ofDuration({ minTime, maxTime = minTime }: FileStep, file: PlanFile): OfKey[] {
  const [value, max, looks] = [minTime, maxTime, 2 * file.interval].map(durationText);
  const isUnseen = file.metrics.length > 0 && minTime < 2 * file.interval;
  return [
    isUnseen && ['minTime', say('plan.tooShort', { value: value ?? '', least: looks ?? '' })],
    maxTime < minTime && ['maxTime', say('plan.maxBelowMin', { max: max ?? '', min: value ?? '' })],
    maxTime > week && ['maxTime', say('plan.tooLongStep')],
    minTime > week && ['minTime', say('plan.tooLongStep')],
  ];
}

function isNothing(limit: string | undefined): boolean {
  return limit === '0' || limit === '0%';
}

/** Each step gives the canary more than the one before, in the same unit. After everybody there are no chosen ones again. */
function ofWeights(steps: readonly FileStep[]): Contradiction[] {
  return steps.slice(1).flatMap((step, before) => {
    const last = steps[before];
    const index = before + 1;
    if (last === undefined || sizeOf(last) === undefined || sizeOf(step) === undefined) return [];
    const key = step.pods === undefined ? 'weight' : 'pods';
    const path = ['steps', index, key];
    if (unitOf(last) !== unitOf(step)) return [{ path, text: say('plan.mixedUnits') }];
    if (last.matches === undefined && step.matches !== undefined)
      return [{ path: ['steps', index, 'matches'], text: say('plan.narrower') }];
    const isSameAudience = JSON.stringify(last.matches) === JSON.stringify(step.matches);
    const [now, was] = [sizeOf(step) ?? 0, sizeOf(last) ?? 0];
    if (!isSameAudience || now > was) return [];
    return [{ path, text: say('plan.notRising', { now: sizeText(step), was: sizeText(last) }) }];
  });
}

function unitOf({ pods }: FileStep): string {
  if (pods === undefined) return 'weight';
  return 'percent' in pods ? 'percent of the pods' : 'pods';
}

function sizeOf({ weight, pods }: FileStep): number | undefined {
  if (pods === undefined) return weight;
  return 'percent' in pods ? pods.percent : pods.count;
}

function sizeText(step: FileStep): string {
  const size = String(sizeOf(step) ?? 0);
  return step.pods !== undefined && 'count' in step.pods ? size : `${size}%`;
}

function ofMetrics(file: PlanFile): Contradiction[] {
  const { metrics, steps } = file;
  const names = metrics.map(metricName);
  const found = metrics.flatMap(ofMetric);
  const unwatched = steps.findIndex((step) => step.gate === 'none');
  if (metrics.length === 0 && unwatched >= 0)
    found.push({
      path: ['metrics'],
      of: 'key',
      text: say('plan.noMetrics', { step: unwatched + 1 }),
    });
  const compared = metrics.findIndex((metric) => metric.compare !== undefined);
  if (leavesNothing(steps[0]) && compared >= 0)
    found.push({
      path: ['metrics', compared, 'compare'],
      of: 'key',
      text: say('plan.nothingToCompare', { name: names[compared] ?? '' }),
    });
  for (const [index, name] of names.entries())
    if (names.indexOf(name) < index)
      found.push({ path: ['metrics', index, 'name'], text: say('plan.sameName', { name }) });
  return found;
}

/** All requests of everybody go to the canary. */
function leavesNothing(step: FileStep | undefined): boolean {
  if (step === undefined || step.matches !== undefined) return false;
  return (
    step.weight === 100 ||
    (step.pods !== undefined && 'percent' in step.pods && step.pods.percent === 100)
  );
}

function ofMetric(metric: FileMetric, index: number): Contradiction[] {
  const path = ['metrics', index];
  const limit = metric.kind === 'query' ? metric.limit : metric.max;
  const name = metricName(metric);
  const found: Contradiction[] = [];
  if (limit === undefined && metric.compare === undefined)
    found.push({
      path: [...path, 'kind'],
      text: say('plan.noLimit', { name, key: metric.kind === 'query' ? 'limit' : 'max' }),
    });
  if (metric.kind === 'query') found.push(...ofQuery(metric, path));
  return found;
}

function ofQuery(
  metric: Extract<FileMetric, { readonly kind: 'query' }>,
  path: Path,
): Contradiction[] {
  const { queries, problem, bare, unused } = queryOf(metric);
  const inQuery = (text: Text): Contradiction => ({ path: [...path, 'query'], text });
  const found: Contradiction[] = unused.map((name) => ({
    path: [...path, 'args', name],
    of: 'key',
    text: say('plan.unusedArgument', { name, place: `\${${name}}` }),
  }));
  if (problem !== undefined && problem.kind !== 'absent')
    found.push(inQuery(say(`plan.place.${problem.kind}`, { place: problem.place })));
  if (bare !== undefined) found.push(inQuery(say('plan.place.bare', { place: bare })));
  if (metric.compare !== undefined && queries.stable === undefined)
    found.push({ path: [...path, 'compare'], of: 'key', text: say('plan.noStableQuery') });
  return found;
}

function ofRun({ steps, rollback, stepBack, scope }: PlanFile): Contradiction[] {
  const found: Contradiction[] = [];
  const least = steps.reduce((sum, step) => sum + step.minTime, 0);
  const { deadline } = rollback;
  if (deadline !== undefined && deadline < least)
    found.push({
      path: ['rollback', 'deadline'],
      text: say('plan.deadline', { value: durationText(deadline), least: durationText(least) }),
    });
  if (stepBack > 0 && steps.length < 2)
    found.push({ path: ['stepBack'], text: say('plan.noStepBack') });
  if (scope.tracks !== undefined && scope.tracks.stable === scope.tracks.canary)
    found.push({ path: ['scope', 'tracks', 'canary'], text: say('plan.sameTracks') });
  return found;
}
