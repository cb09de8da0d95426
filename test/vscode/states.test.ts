import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { AuditMark } from '../testbed/auditLog.ts';
import type { WorkbenchOptions } from '../testbed/editor/browser.ts';
import { RolloutPage } from '../testbed/editor/rolloutPage.ts';
import type { Workbench } from '../testbed/editor/workbench.ts';
import { kubeconfigWith, lineOf, OURS, seen, startLab, type Lab } from './lab.ts';

let lab: Lab;
let workbench: Workbench;
let page: RolloutPage;
let mark: AuditMark;
let shopRoute: string;

beforeAll(async () => {
  lab = await startLab({});
  const { apiVersion, kind, metadata, spec } = (await lab.cluster.kubectl.json([
    'get',
    'virtualservice/shop',
  ])) as Record<string, unknown> & { metadata: Record<string, unknown> };
  const { name, namespace } = metadata;
  shopRoute = JSON.stringify({ apiVersion, kind, metadata: { name, namespace }, spec });
});
afterEach(async () => {
  await workbench.close();
  const none = { 'cablecar.kubeconfig': null, 'cablecar.readOnly': null };
  await lab.editor.changeMachineSettings(none);
  await lab.cluster.kubectl(['replace', '-f', '-'], { input: shopRoute });
});
afterAll(() => lab.stop());

/** Opens a window with these settings and the side bar of Cablecar. */
async function open(
  settings: Readonly<Record<string, unknown>> = {},
  options: Omit<WorkbenchOptions, 'folder'> = {},
): Promise<void> {
  await lab.editor.changeMachineSettings(settings);
  mark = await lab.cluster.auditLog.mark();
  workbench = await lab.open(options);
  page = new RolloutPage(workbench);
  await workbench.openView('Cablecar');
}

async function openWith(kubeconfig: string): Promise<void> {
  await open({ 'cablecar.kubeconfig': kubeconfig });
}

const step = (title: string, test: () => Promise<void>): void => {
  seen(() => workbench, title, test);
};

async function written(): Promise<readonly string[]> {
  return (await lab.cluster.auditLog.writes(OURS, mark)).map(lineOf);
}

function viewSays(view: string, text: string | RegExp): Promise<string> {
  return workbench.waitFor(`the view ${view} to say "${String(text)}"`, async () => {
    const all = (await workbench.viewText(view)).replaceAll(/\s+/g, ' ');
    const isThere = typeof text === 'string' ? all.includes(text) : text.test(all);
    return isThere ? { done: all } : { seen: all };
  });
}

async function shopWeights(): Promise<string> {
  const path = 'jsonpath={.spec.http[2].route[*].weight}';
  return lab.cluster.kubectl(['get', 'virtualservice/shop', '--output', path]);
}

/** As somebody else. */
async function setShopWeights(stable: number, canary: number): Promise<void> {
  const patch = [stable, canary].map((value, index) => ({
    op: 'replace',
    path: `/spec/http/2/route/${String(index)}/weight`,
    value,
  }));
  const target = ['patch', 'virtualservice/shop', '--type', 'json', '--field-manager', 'carol'];
  await lab.cluster.kubectl([...target, '--patch', JSON.stringify(patch)]);
}

describe('without a cluster', () => {
  step('says that there is no kubeconfig, and where it was looked for', async () => {
    await openWith('/nowhere/kubeconfig');
    await viewSays('Rollouts', /No kubeconfig with a context was found.*Set Kubeconfig/);
    await viewSays('Services', 'There is no kubeconfig at /nowhere/kubeconfig.');
  });

  step('says that a server does not answer, in both views', async () => {
    const path = await kubeconfigWith(lab, 'unreachable', ({ clusters }) => {
      for (const { cluster } of clusters) cluster['server'] = 'https://127.0.0.1:1';
    });
    await openWith(path);
    await viewSays('Rollouts', /The cluster does not answer\..*Try Again.*Use Another Context/);
    await viewSays('Services', 'Nothing answers at 127.0.0.1:1.');
    await workbench
      .row(/127\.0\.0\.1:1/)
      .first()
      .waitFor();
  });

  step('says that what answers is no Kubernetes API server', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Log in</body></html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const path = await kubeconfigWith(lab, 'html', ({ clusters }) => {
        for (const { cluster } of clusters) cluster['server'] = `http://127.0.0.1:${String(port)}`;
      });
      await openWith(path);
      await viewSays('Services', 'is not a Kubernetes API server.');
      await viewSays('Rollouts', 'Try Again');
    } finally {
      server.close();
    }
  });

  step('says that the current context is not in the kubeconfig', async () => {
    const path = await kubeconfigWith(lab, 'unknown', (config) => {
      config['current-context'] = 'gone';
    });
    await openWith(path);
    await viewSays('Rollouts', /names no current context that it has\..*Use Context/);
    await viewSays('Services', 'The kubeconfig has no context “gone”');
    expect(await lab.cluster.auditLog.events(OURS, mark)).toEqual([]);
  });
});

describe('an untrusted folder', () => {
  step('has nothing run and nothing connect until it is trusted', async () => {
    const ran = join(lab.testbed.dir, 'plugin-ran');
    const path = await kubeconfigWith(lab, 'plugin', ({ users }) => {
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'touch',
        args: [ran],
        interactiveMode: 'Never',
      };
      for (const entry of users) entry.user = { exec };
    });
    await open({ 'cablecar.kubeconfig': path }, { trust: false });
    await viewSays('Rollouts', 'This folder is not trusted, so Cablecar reads no kubeconfig');
    await viewSays('Services', 'This folder is not trusted');
    expect(await workbench.findCommands('Cablecar: Roll Back')).toEqual([]);
    await workbench.trustFolder();
    await workbench.openView('Cablecar');
    const modal = await workbench.modal();
    expect(modal.text).toMatch(/Program: \S*touch/);
    expect(modal.text).toContain(ran);
    await modal.press('Cancel');
    await viewSays('Services', 'was not allowed to run');
    expect(existsSync(ran)).toBe(false);
    expect(await lab.cluster.auditLog.events(OURS, mark)).toEqual([]);
  });
});

describe('who may not write', () => {
  step('read-only mode offers no write, and says so', async () => {
    await open({ 'cablecar.readOnly': true });
    await page.open('shop');
    for (const action of ['send', 'promote', 'rollback'] as const) {
      expect(await page.isEnabled(action)).toBe(false);
      expect(await page.tooltip(action)).toContain('Read-only mode is on');
    }
    expect(await workbench.findCommands('Cablecar: Roll Back')).toEqual([]);
    await lab.editor.changeMachineSettings({ 'cablecar.readOnly': null });
    await page.frame.locator('[data-action=rollback]:not([disabled])').waitFor();
    expect(await written()).toEqual([]);
  });

  step('a user without the verb sees the buttons off, with the verb named', async () => {
    const viewer = await lab.cluster.createTokenUser('default', 'viewer');
    await lab.cluster.kubectl([
      'apply',
      '-f',
      new URL('../../docs/rbac.yaml', import.meta.url).pathname,
    ]);
    const binding = ['create', 'clusterrolebinding', 'viewer', '--clusterrole', 'cablecar-view'];
    await lab.cluster.kubectl([...binding, '--serviceaccount', 'default:viewer']);
    await openWith(viewer.kubeconfigPath);
    await page.open('shop');
    const missing =
      'You may not patch virtualservices.networking.istio.io in the namespace default.';
    for (const action of ['send', 'promote', 'rollback'] as const) {
      await page.frame.locator(`[data-action=${action}][disabled][title^="${missing}"]`).waitFor();
    }
    await page.waitForText('.split', missing);
    expect(await lab.cluster.auditLog.writes({ user: viewer.user }, mark)).toEqual([]);
  });

  step('weights that Flagger decides are refused with the reason', async () => {
    await open();
    await page.open('payments');
    await page.waitForText('.header', /Flagger/);
    await page.waitForText('.no-slider', /Flagger/);
    expect(await page.slider.count()).toBe(0);
    expect(await page.isEnabled('rollback')).toBe(false);
    expect(await page.tooltip('rollback')).toContain('Flagger');
    expect(await written()).toEqual([]);
  });
});

describe('a protected context', () => {
  step('has a red frame, and asks to type the name except for a rollback', async () => {
    const path = await kubeconfigWith(lab, 'protected', (config) => {
      for (const context of config.contexts) context.name = 'prod-eu';
      config['current-context'] = 'prod-eu';
    });
    await openWith(path);
    await page.open('shop');
    await page.frame.locator('.panel.is-protected').waitFor();
    await page.waitForText('.header', 'Protected context');
    await page.moveSliderTo(25);
    await sendTyping('shopp');
    expect(await written()).toEqual([]);
    await sendTyping('shop');
    await page.waitForShare('25');
    expect(await written()).toEqual(['patch virtualservices/shop']);
    const rollback = await page.ask('rollback');
    expect(rollback.text).toContain('prod-eu (protected)');
    await rollback.press('Roll Back');
    await page.waitForShare('0');
    const undo = await page.ask('undo');
    await undo.press('Undo');
    await (await workbench.quickPick()).enter('shop');
    await page.waitForShare('25');
  });

  async function sendTyping(name: string): Promise<void> {
    const modal = await page.ask('send');
    expect(modal.text).toContain('prod-eu (protected)');
    await modal.press('Send 25 %');
    const box = await workbench.quickPick();
    await box.enter(name);
    if (name === 'shop') return;
    await workbench.page.getByText('That is not shop. Nothing was written.').waitFor();
    await box.dismiss();
  }
});

describe('a panel', () => {
  step('is there again after the window was reloaded', async () => {
    await open();
    await page.open('shop');
    await page.waitForShare('10');
    await workbench.saveAndReload();
    await page.shows('shop');
    await page.waitForShare('10');
    await page.moveSliderTo(11);
    await page.waitForText('.draft-text', '10 now → 11 when sent');
  });

  step('writes nothing over a change made while the dialog is open, and names both', async () => {
    await open();
    await page.open('shop');
    await page.waitForShare('10');
    await page.moveSliderTo(25);
    const modal = await page.ask('send');
    await setShopWeights(60, 40);
    await modal.press('Send 25 %');
    const notification = await workbench.notification('VirtualService default/shop was changed by');
    expect(notification.text).toMatch(
      /changed by carol .*\((90 → 60|10 → 40)\)\. Nothing was written/,
    );
    expect(notification.buttons).toEqual(
      expect.arrayContaining(['Show What Changed', 'Try Again']),
    );
    expect(await written()).toEqual([]);
    expect(await shopWeights()).toBe('60 40');
    await page.waitForText('.draft-text', '10 to 40');
  });

  step('speaks Chinese where VS Code does', async () => {
    await open({}, { locale: 'zh-cn' });
    await workbench
      .row(/^灰度发布 shop，/)
      .first()
      .click();
    await page.shows('shop');
    await page.moveSliderTo(25);
    await page.waitForText('.sentence', /25 ?%/);
    const modal = await page.ask('send');
    for (const part of ['上下文 envtest', 'VirtualService default/shop'])
      expect(modal.text).toContain(part);
    await modal.press('Cancel');
    expect(await written()).toEqual([]);
  });
});
