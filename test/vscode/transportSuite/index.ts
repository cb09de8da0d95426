import { runMocha } from '../suite/runMocha.ts';

/** Called by the extension host. */
export function run(): Promise<void> {
  return runMocha(async () => {
    await import('./transport.ts');
  });
}
