const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** The least of the four. */
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

// Depth inside the list of the envelope, inside an item of it, its metadata, its managed fields.
const ITEMS = 2;
const ITEM = 3;
const METADATA = 4;
const MANAGED_FIELDS = 5;

/** Keys that matter, by the depth at which they stand. */
const keys = [undefined, 'items', undefined, 'metadata', 'managedFields'] as const;

/**
 * Reads a list of objects from bytes as they come: each item is parsed by itself, without its `metadata.managedFields` (half of a
 * Service), so that neither the text nor the objects of the whole list are ever in memory, and no step takes long. A `managedFields`
 * anywhere else stays. The order of members does not matter: custom resources have `items` before `metadata`.
 */
export class ListParser {
  readonly #onItem: (item: unknown) => void;
  readonly #envelope: string[] = [];
  /** Bytes that are not done with, and how far they were looked at. */
  #buffer: Buffer = Buffer.alloc(0);
  #position = 0;
  #keepFrom = 0;
  #depth = 0;
  /** Whether the last string was the key that matters at its depth. */
  #isAtKey = false;
  #isInItems = false;
  #isInMetadata = false;
  /** -1: not in an item. */
  #itemStart = -1;
  #cutStart = -1;
  #cuts: (readonly [from: number, to: number])[] = [];

  constructor(onItem: (item: unknown) => void) {
    this.#onItem = onItem;
  }

  /** Calls `onItem` for each item that `chunk` completes, in the order of the list. Throws on an item that is not JSON. */
  write(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    this.#position = this.#scan(this.#buffer, this.#position);
    this.#forget();
  }

  /** What was around the items, with an empty list in their place. Throws when the text was cut short. */
  end(): unknown {
    if (this.#depth !== 0) throw new SyntaxError('The list was cut short.');
    return JSON.parse([...this.#envelope, this.#buffer.toString('utf8')].join(''));
  }

  /** To the end of what is here, or to before a string that is not all here. Outside of strings only brackets matter. */
  #scan(buffer: Buffer, from: number): number {
    const end = buffer.length;
    for (let at = from; at < end; at += 1) {
      const byte = buffer[at] ?? 0;
      if (byte === QUOTE) {
        const close = closingQuote(buffer, at + 1);
        if (close >= end) return at;
        if (this.#depth < MANAGED_FIELDS) this.#isAtKey = this.#isKeyThatMatters(at + 1, close);
        at = close;
      } else if (byte >= OPEN_BRACKET) {
        if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#open(at);
        else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#close(at);
      }
    }
    return end;
  }

  /** Whether the string is the key that matters at this depth. */
  #isKeyThatMatters(from: number, to: number): boolean {
    const key = keys[this.#depth];
    // Most strings differ in length already.
    if (key === undefined || to - from !== key.length) return false;
    return this.#buffer.toString('latin1', from, to) === key;
  }

  #open(at: number): void {
    this.#depth += 1;
    const isAtKey = this.#isAtKey;
    this.#isAtKey = false;
    switch (this.#depth) {
      case ITEMS:
        this.#isInItems = isAtKey;
        if (isAtKey) this.#envelope.push(this.#buffer.toString('utf8', 0, at + 1));
        return;
      case ITEM:
        if (this.#isInItems) this.#itemStart = at;
        return;
      case METADATA:
        this.#isInMetadata = isAtKey && this.#itemStart >= 0;
        return;
      case MANAGED_FIELDS:
        if (isAtKey && this.#isInMetadata) this.#cutStart = at;
    }
  }

  #close(at: number): void {
    const depth = this.#depth;
    this.#depth -= 1;
    switch (depth) {
      case ITEMS:
        // What follows is the envelope again, from this bracket on.
        if (this.#isInItems) this.#keepFrom = at;
        this.#isInItems = false;
        return;
      case ITEM:
        if (this.#itemStart >= 0) this.#emit(at + 1);
        return;
      case METADATA:
        this.#isInMetadata = false;
        return;
      case MANAGED_FIELDS:
        if (this.#cutStart >= 0) this.#cuts.push([this.#cutStart, at + 1]);
        this.#cutStart = -1;
    }
  }

  #emit(end: number): void {
    let text = '';
    let from = this.#itemStart;
    for (const [cutFrom, cutTo] of this.#cuts) {
      text += `${this.#buffer.toString('utf8', from, cutFrom)}[]`;
      from = cutTo;
    }
    text += this.#buffer.toString('utf8', from, end);
    this.#itemStart = -1;
    this.#cuts = [];
    this.#onItem(JSON.parse(text));
  }

  /** Keeps what is not complete: the rest of an item, or the envelope. */
  #forget(): void {
    const outside = this.#isInItems ? this.#position : this.#keepFrom;
    const keep = this.#itemStart >= 0 ? this.#itemStart : outside;
    if (keep === 0) return;
    this.#buffer = this.#buffer.subarray(keep);
    this.#position -= keep;
    this.#keepFrom = 0;
    if (this.#itemStart < 0) return;
    this.#itemStart = 0;
    this.#cutStart = this.#cutStart < 0 ? -1 : this.#cutStart - keep;
    this.#cuts = this.#cuts.map(([from, to]) => [from - keep, to - keep]);
  }
}

/** Place of the quote that ends the string; the end of the buffer, or more, where it is not here. */
function closingQuote(buffer: Buffer, from: number): number {
  let at = from;
  for (const end = buffer.length; at < end; at += 1) {
    const byte = buffer[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  return at;
}
