import { renderer } from '../base/text.ts';
import { coreWords } from '../coreWords.ts';

/** A Job speaks English: its log is read by pipelines and by whoever has to. */
export const render = renderer(coreWords, 'en');
