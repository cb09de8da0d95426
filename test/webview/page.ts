/**
 * A page that plays the extension host for the panel's bundle: VS Code's theme variables and classes, the strict CSP, and
 * `acquireVsCodeApi`. Nothing listens on a socket: the browser's requests are answered here.
 */
import { build, type OutputFile } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page, type Route } from 'playwright-core';
import type { ToHost, ToWebview } from '../../src/protocol/messages.ts';
import { findChromium } from '../testbed/editor/chromium.ts';
import type { Sample } from './samples.ts';
import { themes, type ThemeName } from './themes.ts';

const origin = 'http://panel.test';
const nonce = 'bm9uY2U';
const folder = fileURLToPath(new URL('../../webview/', import.meta.url));

const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The one report that is allowed: the UI toolkit tries an empty style element once, to see what the browser can do. This is the hash of
 * the empty text.
 */
const kitProbe = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** What VS Code's webview adds to a page and the panel has to live with. */
const hostStyle = `html { scrollbar-color: gray transparent; } body { margin: 0; padding: 0 20px; overscroll-behavior-x: none; }`;

export interface PanelFiles {
  readonly script: string;
  readonly style: string;
}

/** The panel's bundle as the build makes it; `entry` is a file of `webview/`. */
export async function bundlePanel(entry = 'main.ts', globalName?: string): Promise<PanelFiles> {
  const options = { bundle: true, minify: true, target: 'chrome130', write: false } as const;
  const global = globalName === undefined ? {} : { globalName };
  const [script, style] = await Promise.all([
    build({ ...options, ...global, format: 'iife', entryPoints: [`${folder}${entry}`] }),
    build({ ...options, entryPoints: [`${folder}panel.css`] }),
  ]);
  return { script: textOf(script), style: textOf(style) };
}

function textOf(result: { outputFiles: readonly OutputFile[] }): string {
  return result.outputFiles.map((file) => file.text).join('');
}

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: browserFlags });
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** State of an earlier page, as `acquireVsCodeApi().getState()` gives it. */
  readonly restored?: unknown;
  /** Time of the page's clock, ms; it runs on from there. */
  readonly nowMs?: number;
}

/** The panel in a page of its own; close it by `page.context().close()`. */
export interface OpenPanel {
  readonly page: Page;
  post(message: ToWebview): Promise<void>;
  show(sample: Sample): Promise<void>;
  /** Messages to the host so far, in order. */
  sent(): Promise<ToHost[]>;
  keptState(): Promise<unknown>;
  /** Reports of the content security policy and uncaught errors; both should be empty. */
  readonly faults: string[];
}

export async function openPanel(
  browser: Browser,
  files: PanelFiles,
  options: OpenOptions = {},
): Promise<OpenPanel> {
  const { theme = 'dark', width = 1120, height = 900 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => {
    const isFault = line.type() === 'error' || line.type() === 'warning';
    if (isFault && !line.text().includes(kitProbe)) faults.push(line.text());
  });
  if (options.nowMs !== undefined) await page.clock.install({ time: options.nowMs });
  await page.route(`${origin}/**`, (route) => answer(route, files, themes[theme].bodyClass));
  await page.addInitScript(fakeHost(options.restored, themes[theme].variables));
  await page.goto(`${origin}/panel.html`);
  const post = async (message: ToWebview): Promise<void> => {
    await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
    // A message posted after it has been handled when this one has.
    await page.evaluate(`new Promise((done) => setTimeout(done, 0))`);
  };
  return {
    page,
    post,
    show: async ({ snapshot, metrics }) => {
      await post({ type: 'snapshot', snapshot });
      await post({ type: 'metrics', metrics });
    },
    sent: () => page.evaluate<ToHost[]>('window.cablecarSent'),
    keptState: () => page.evaluate('window.cablecarState'),
    faults,
  };
}

function answer(route: Route, files: PanelFiles, bodyClass: string): Promise<void> {
  const path = new URL(route.request().url()).pathname;
  if (path === '/main.js')
    return route.fulfill({ contentType: 'text/javascript', body: files.script });
  if (path === '/panel.css') return route.fulfill({ contentType: 'text/css', body: files.style });
  if (path === '/host.css') return route.fulfill({ contentType: 'text/css', body: hostStyle });
  if (path === '/panel.html')
    return route.fulfill({ contentType: 'text/html', body: html(bodyClass) });
  return route.fulfill({ status: 404, body: '' });
}

function html(bodyClass: string): string {
  const policy = `default-src 'none'; img-src ${origin}; style-src ${origin}; font-src ${origin}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${origin}/host.css">
<link rel="stylesheet" href="${origin}/panel.css">
<title>Cablecar</title>
</head>
<body class="${bodyClass}">
<main id="panel"></main>
<script nonce="${nonce}" src="${origin}/main.js"></script>
</body>
</html>`;
}

/** Script that runs before the page's own: the API that VS Code gives, the theme's variables. */
function fakeHost(restored: unknown, variables: Readonly<Record<string, string>>): string {
  return `
    window.cablecarSent = [];
    window.cablecarState = ${JSON.stringify(restored ?? null)} ?? undefined;
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => { window.cablecarSent.push(structuredClone(message)); },
      getState: () => window.cablecarState,
      setState: (state) => { window.cablecarState = structuredClone(state); },
    });
    const paint = () => {
      for (const [name, value] of Object.entries(${JSON.stringify(variables)}))
        document.documentElement.style.setProperty('--vscode-' + name, value);
    };
    if (document.documentElement) paint();
    new MutationObserver((_, observer) => {
      if (!document.documentElement) return;
      paint();
      observer.disconnect();
    }).observe(document, { childList: true });`;
}
