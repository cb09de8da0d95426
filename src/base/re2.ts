/** What is wrong with an expression. */
export interface Re2Problem {
  readonly kind:
    | 'lookaround'
    | 'backreference'
    | 'unclosedGroup'
    | 'unopenedGroup'
    | 'unclosedClass'
    | 'badRange'
    | 'badEscape'
    | 'badFlags'
    | 'nothingToRepeat'
    | 'repeatedTwice'
    | 'tooManyRepeats';
  /** The part that is wrong, as it is written. */
  readonly part: string;
}

/** Of one counted repetition, and of nested ones together. */
const mostRepeats = 1000;

/**
 * Why RE2 would not take the expression; undefined when it would. By the syntax in https://github.com/google/re2/wiki/Syntax, without what
 * only some builds of it know (`\C`). Unlike JavaScript's, these expressions have no lookaround and no backreferences, so that each
 * takes time in proportion to the text.
 */
export function re2Problem(expression: string): Re2Problem | undefined {
  try {
    new Parser(expression).whole();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
}

class Refusal extends Error {
  readonly problem: Re2Problem;

  constructor(kind: Re2Problem['kind'], part: string) {
    super(kind);
    this.problem = { kind, part };
  }
}

/** Recursive descent; each method consumes what it is named after and returns how often its largest part is repeated. */
class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): void {
    this.#alternatives();
    if (this.#at < this.#text.length) throw new Refusal('unopenedGroup', ')');
  }

  #alternatives(): number {
    let most = 1;
    for (;;) {
      while (this.#at < this.#text.length && !/[|)]/.test(this.#next()))
        most = Math.max(most, this.#repeated());
      if (!this.#takes('|')) return most;
    }
  }

  #repeated(): number {
    const start = this.#at;
    const operator = this.#operator();
    if (operator !== undefined) throw new Refusal('nothingToRepeat', operator.text);
    const inner = this.#atom();
    // Flags of what follows are nothing that could be repeated.
    if (inner === 0) return 1;
    const first = this.#operator();
    if (first === undefined) return inner;
    const second = this.#operator();
    if (second !== undefined) throw new Refusal('repeatedTwice', first.text + second.text);
    const count = inner * first.most;
    if (first.isBad || count > mostRepeats)
      throw new Refusal('tooManyRepeats', this.#text.slice(start, this.#at));
    return count;
  }

  /** `*`, `+`, `?` or a count, each with a `?` that makes it lazy; a brace that is no count stands for itself. */
  #operator():
    { readonly text: string; readonly most: number; readonly isBad: boolean } | undefined {
    const found = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#rest());
    if (found === null) return undefined;
    const [text, low, comma, high] = found;
    this.#at += text.length;
    if (low === undefined) return { text, most: 1, isBad: false };
    const least = Number(low);
    const top = comma === undefined || high === '' ? least : Number(high);
    const isBad = top < least || Math.max(top, least) > mostRepeats;
    return { text, most: Math.max(1, top), isBad };
  }

  #atom(): number {
    switch (this.#next()) {
      case '(':
        return this.#group();
      case '[':
        this.#class();
        return 1;
      case '\\':
        this.#escape();
        return 1;
      default:
        this.#at += 1;
        return 1;
    }
  }

  #group(): number {
    const head = this.#rest();
    const around = /^\(\?(?:=|!|<=|<!|>)/.exec(head);
    if (around !== null) throw new Refusal('lookaround', around[0]);
    if (head.startsWith('(?')) {
      const flags = /^\(\?(?:P?<[A-Za-z_]\w*>|([imsU]*(?:-[imsU]+)?)([:)]))/.exec(head);
      const [opening = '', names, end] = flags ?? [];
      if (flags === null || (names === '' && end === ')'))
        throw new Refusal('badFlags', head.slice(0, 8));
      this.#at += opening.length;
      if (end === ')') return 0;
    } else this.#at += 1;
    const most = this.#alternatives();
    if (!this.#takes(')')) throw new Refusal('unclosedGroup', head.slice(0, 12));
    return most;
  }

  #class(): void {
    const head = this.#rest();
    this.#at += head.startsWith('[^') ? 2 : 1;
    for (let isFirst = true; isFirst || this.#next() !== ']'; isFirst = false) {
      if (this.#at >= this.#text.length) throw new Refusal('unclosedClass', head.slice(0, 12));
      this.#classItem();
    }
    this.#at += 1;
  }

  #classItem(): void {
    const named = /^\[:\^?([a-z]+):\]/.exec(this.#rest());
    if (named !== null) {
      if (!classNames.has(named[1] ?? '')) throw new Refusal('badRange', named[0]);
      this.#at += named[0].length;
      return;
    }
    const start = this.#at;
    const low = this.#classCharacter();
    if (!this.#rest().startsWith('-') || this.#rest().startsWith('-]')) return;
    if (low === undefined) return;
    this.#at += 1;
    const high = this.#at < this.#text.length ? this.#classCharacter() : low;
    if (high === undefined || high < low)
      throw new Refusal('badRange', this.#text.slice(start, this.#at));
  }

  /** Its code point; undefined for a set such as `\d`. */
  #classCharacter(): number | undefined {
    if (this.#next() === '\\') return this.#escape(true);
    const code = this.#text.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  /** Its code point; undefined for what is not one character. */
  #escape(isInClass = false): number | undefined {
    const rest = this.#rest();
    const wide = (isInClass ? /^\\(?:[dDsSwW]|[pP](?:\{\^?\w+\}|[A-Z]))/ : wideEscape).exec(rest);
    if (wide !== null) {
      this.#at += wide[0].length;
      return undefined;
    }
    const found = escapeCode(rest);
    if (found !== undefined) {
      this.#at += found.length;
      return found.code;
    }
    const kind = /^\\(?:[1-9]|k[<{])/.test(rest) ? 'backreference' : 'badEscape';
    throw new Refusal(kind, rest.slice(0, 2));
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #next(): string {
    return this.#text.charAt(this.#at);
  }

  #takes(character: string): boolean {
    const isThere = this.#next() === character;
    if (isThere) this.#at += 1;
    return isThere;
  }
}

/** A set of characters, a place, or quoted text. */
const wideEscape = /^\\(?:Q(?:[^]*?\\E|[^]*)|[dDsSwWAzbB]|[pP](?:\{\^?\w+\}|[A-Z]))/;

const numericEscape =
  /^\\(?:x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))|(0[0-7]{0,2}|[1-7][0-7]{1,2}))/;

/** The character that the text begins with an escape for. */
function escapeCode(text: string): { readonly code: number; readonly length: number } | undefined {
  const numeric = numericEscape.exec(text);
  if (numeric !== null) {
    const [whole, braced, plain, octal] = numeric;
    const code = octal === undefined ? parseInt(braced ?? plain ?? '', 16) : parseInt(octal, 8);
    if (code > 0x10ffff) throw new Refusal('badEscape', whole);
    return { code, length: whole.length };
  }
  const character = /^\\([aftnrv]|[!-/:-@[-`{-~ ])/.exec(text)?.[1];
  if (character === undefined) return undefined;
  return { code: controls[character] ?? character.charCodeAt(0), length: 2 };
}

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

const classNames = new Set(
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '),
);
