import type { TrackView } from '../../src/protocol/messages.ts';

/** Colours for the canvas, read from the theme. */
export interface Palette {
  readonly stable: string;
  readonly canary: string;
  readonly others: readonly string[];
  readonly grid: string;
  readonly text: string;
  readonly fontFamily: string;
  /** Wider lines in high contrast. */
  readonly lineWidth: number;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const isHighContrast = document.body.className.includes('vscode-high-contrast');
  return {
    stable: colour('--vscode-cablecar-stable') || colour('--vscode-charts-blue'),
    canary: colour('--vscode-cablecar-canary') || colour('--vscode-charts-orange'),
    others: ['purple', 'green', 'yellow'].map((name) => colour(`--vscode-charts-${name}`)),
    // The theme's own chart lines are meant for axes; a grid is quieter.
    grid: colour(isHighContrast ? '--vscode-charts-lines' : '--vscode-panel-border'),
    text: colour('--vscode-descriptionForeground'),
    fontFamily: style.fontFamily,
    lineWidth: isHighContrast ? 2 : 1.5,
  };
}

/** Calls back when the theme changes; VS Code rewrites the body's class and the root's style. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id'],
  });
}

/** A line's look: colour and dash together, so that colour is never alone. */
export function lineLook(
  palette: Palette,
  role: TrackView['role'],
  otherIndex: number,
): { readonly colour: string; readonly dash: readonly number[] } {
  if (role === 'stable') return { colour: palette.stable, dash: [] };
  if (role === 'canary') return { colour: palette.canary, dash: [5, 3] };
  const index = Math.max(0, otherIndex) % 3;
  return { colour: palette.others[index] ?? palette.text, dash: [2, 2 + index] };
}
