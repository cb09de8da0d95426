const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
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
  #isInString = false;
  #isEscaped = false;
  #stringStart = 0;
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
    const end = this.#buffer.length;
    let at = this.#position;
    while (at < end)
      at = this.#isInString ? this.#skipString(at, end) : this.#skipStructure(at, end);
    this.#position = end;
    this.#forget();
  }

  /** What was around the items, with an empty list in their place. Throws when the text was cut short. */
  end(): unknown {
    if (this.#depth !== 0 || this.#isInString) throw new SyntaxError('The list was cut short.');
    return JSON.parse([...this.#envelope, this.#buffer.toString('utf8')].join(''));
  }

  /** To after the closing quote, or to the end of what is here. */
  #skipString(from: number, end: number): number {
    const buffer = this.#buffer;
    for (let at = from; at < end; at += 1) {
      const byte = buffer[at];
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) {
        this.#isInString = false;
        this.#isAtKey = this.#isKeyThatMatters(at);
        return at + 1;
      }
    }
    return end;
  }

  #isKeyThatMatters(end: number): boolean {
    const key = keys[this.#depth];
    // Most strings differ in length already.
    if (key === undefined || end - this.#stringStart !== key.length) return false;
    return this.#buffer.toString('latin1', this.#stringStart, end) === key;
  }

  /** To after the next opening quote, or to the end of what is here. */
  #skipStructure(from: number, end: number): number {
    const buffer = this.#buffer;
    for (let at = from; at < end; at += 1) {
      const byte = buffer[at];
      if (byte === QUOTE) {
        this.#isInString = true;
        this.#stringStart = at + 1;
        return at + 1;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#open(at);
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#close(at);
    }
    return end;
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
    this.#stringStart -= keep;
    this.#keepFrom = 0;
    if (this.#itemStart < 0) return;
    this.#itemStart = 0;
    this.#cutStart = this.#cutStart < 0 ? -1 : this.#cutStart - keep;
    this.#cuts = this.#cuts.map(([from, to]) => [from - keep, to - keep]);
  }
}
