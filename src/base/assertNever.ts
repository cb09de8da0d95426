/** Marks the branch that an exhaustive `switch` never reaches; throws when a value slipped past the types. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
