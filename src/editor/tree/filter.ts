/** Text that rows of both views must contain; '' shows all. */
export interface Filter {
  readonly text: string;
  set(text: string): void;
}
