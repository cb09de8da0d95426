import * as vscode from 'vscode';
import type { Disposable } from '../base/emitter.ts';
import { redact } from './redact.ts';

/** The log that people read and send: everything that goes in is redacted first. */
export interface Log extends Disposable {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
  debug(message: string): void;
  show(): void;
}

export function createLog(): Log {
  const channel = vscode.window.createOutputChannel('Cablecar', { log: true });
  return {
    info(message) {
      channel.info(redact(message));
    },
    warn(message) {
      channel.warn(redact(message));
    },
    error(message, error) {
      channel.error(redact(error === undefined ? message : `${message}: ${detailOf(error)}`));
    },
    debug(message) {
      channel.debug(redact(message));
    },
    show() {
      channel.show();
    },
    dispose() {
      channel.dispose();
    },
  };
}

function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${detailOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
