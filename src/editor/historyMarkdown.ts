import type { Text } from '../base/text.ts';
import type { HistoryEntry } from './history.ts';
import { plainText } from './plainText.ts';

/** The history of a rollout as a Markdown list, newest first, with times in UTC. */
export function historyMarkdown(
  history: readonly HistoryEntry[],
  render: (text: Text) => string,
): string {
  return history
    .map(({ atMs, who, sentence, outcome }) => {
      const time = new Date(atMs).toISOString();
      const mark = outcome === 'written' ? '' : ` (${outcome})`;
      return `- ${time} ${escaped(who)}: ${escaped(render(sentence))}${mark}`;
    })
    .join('\n');
}

function escaped(text: string): string {
  return plainText(text).replace(/[\\`*_[\]<>|]/g, '\\$&');
}
