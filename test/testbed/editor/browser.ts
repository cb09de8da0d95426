import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import type { Progress } from '../cache.ts';
import { findChromium } from './chromium.ts';
import type { EditorServer, PageAddress, Settings } from './server.ts';
import { Workbench } from './workbench.ts';

export type Theme = 'light' | 'dark' | 'hc-black' | 'hc-light';
export type Locale = 'en' | 'zh-cn';

export interface WorkbenchOptions extends PageAddress {
  /** Default `dark`. A setting of the server: all its pages share it. */
  readonly theme?: Theme;
  /** Language of the extension's manifest and messages. The workbench's own words stay English: no language pack is bundled. */
  readonly locale?: Locale;
  /** CSS pixels; default 1280 × 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** `false` opens the folder in Restricted Mode. Default `true`. A setting of the server: all its pages share it. */
  readonly trust?: boolean;
}

const THEMES: Readonly<Record<Theme, string>> = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'hc-black': 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
};
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium without a window. It ends when its pipe to us ends, so it does not outlive us. */
export async function startBrowser(onProgress?: Progress): Promise<Browser> {
  const executablePath = await findChromium(onProgress);
  return chromium.launch({ executablePath, args: FLAGS });
}

/**
 * Opens a workbench in a browser profile of its own: nothing of earlier pages is remembered but what the server keeps (settings,
 * the extension's global storage). Close it with `close`.
 */
export async function openWorkbench(
  browser: Browser,
  server: EditorServer,
  options: WorkbenchOptions,
): Promise<Workbench> {
  await server.changeUserSettings(windowSettings(options));
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await setLocale(context, options.locale ?? 'en');
  const page = await context.newPage();
  const workbench = new Workbench(page);
  await page.goto(server.addressOf(options));
  await workbench.ready();
  return workbench;
}

/** The user settings behind a theme and a trusted or restricted folder; also for a window that a person opens. */
export function windowSettings(options: Pick<WorkbenchOptions, 'theme' | 'trust'>): Settings {
  return {
    'workbench.colorTheme': THEMES[options.theme ?? 'dark'],
    'window.autoDetectHighContrast': false,
    'security.workspace.trust.enabled': options.trust === false,
  };
}

async function setLocale(context: BrowserContext, locale: Locale): Promise<void> {
  if (locale === 'en') return;
  await context.addInitScript((language) => {
    Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: language });
  }, locale);
}
