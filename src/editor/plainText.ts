/** Control characters, zero-width marks and direction overrides: with them `payments-prod` can be made to look like another name. */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;
const maxLength = 300;

/** Cluster text as it may stand in a label, a message or a quick pick: one line, visible characters only, not endless. */
export function plainText(text: string): string {
  const clean = text.replace(unsafe, ' ').trim();
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
}
