import { runMocha } from './runMocha.ts';

/** Called by the extension host: the VS Code server's in the tests, a desktop VS Code's in `npm run test:desktop`. */
export function run(): Promise<void> {
  return runMocha(async () => {
    await import('./activation.ts');
  });
}
