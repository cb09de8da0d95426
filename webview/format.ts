import type { ChartView, PanelSnapshot } from '../src/protocol/messages.ts';

export type ChartId = ChartView['id'];
type Locale = PanelSnapshot['locale'];

const tags: Readonly<Record<Locale, string>> = { en: 'en-GB', 'zh-cn': 'zh-CN' };
const cache = new Map<string, Intl.DateTimeFormat>();

/** "12:04"; with seconds "12:04:31". */
export function clock(atMs: number, locale: Locale, precision: 'minute' | 'second'): string {
  const seconds = precision === 'second' ? ({ second: '2-digit' } as const) : {};
  return formatted(atMs, locale, { hour: '2-digit', minute: '2-digit', ...seconds });
}

/** The clock for today, with the day for an earlier one. */
export function shortTime(atMs: number, nowMs: number, locale: Locale): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  if (isToday) return clock(atMs, locale, 'minute');
  return formatted(atMs, locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** Date and time in full, for a tooltip. */
export function fullTime(atMs: number, locale: Locale): string {
  return formatted(atMs, locale, { dateStyle: 'full', timeStyle: 'long' });
}

function formatted(atMs: number, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const key = locale + JSON.stringify(options);
  const known = cache.get(key);
  const format = known ?? new Intl.DateTimeFormat(tags[locale], { hourCycle: 'h23', ...options });
  if (known === undefined) cache.set(key, format);
  return format.format(atMs);
}

/** What the number of a chart is multiplied by to be drawn: ratios are drawn as percent. */
export function drawnUnit(id: ChartId): number {
  return id === 'success' || id === 'share' ? 100 : 1;
}

/** A point's value in the unit of its chart: "99.93 %", "212 ms", "1.20 s", "12.1". Chinese sets no space before the sign. */
export function valueText(id: ChartId, value: number, locale: Locale): string {
  const percentSign = locale === 'zh-cn' ? '%' : ' %';
  switch (id) {
    case 'success':
      return `${(value * 100).toFixed(2)}${percentSign}`;
    case 'share':
      return `${(value * 100).toFixed(1)}${percentSign}`;
    case 'latency':
      return value < 1000 ? `${String(Math.round(value))} ms` : `${(value / 1000).toFixed(2)} s`;
    case 'requests':
      return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
  }
}
