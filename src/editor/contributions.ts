/**
 * Everything that Cablecar adds to VS Code, typed: the source of `contributes` in package.json and of the package.nls files
 * (`npm run generate`). Words are [English, Simplified Chinese].
 */
export type Words = readonly [string, string];

export interface CommandDefinition {
  readonly title: Words;
  /** Codicon id. */
  readonly icon?: string;
  readonly enablement?: string;
  /** When the palette offers it; `never` for commands that need a row. */
  readonly palette?: string;
  readonly menus?: readonly MenuEntry[];
  readonly key?: { readonly key: string; readonly mac: string; readonly when: string };
}

export interface MenuEntry {
  readonly menu: 'view/title' | 'view/item/context';
  readonly when: string;
  readonly group: string;
}

export const views = { rollouts: 'cablecar.rollouts', services: 'cablecar.services' } as const;
export const containerId = 'cablecar';
export const panelType = 'cablecar.rollout';
export const walkthroughId = 'cablecar.start';

/** Context keys that we set, with the type of their value. `cablecar.state` says why the views are empty. */
export interface ContextKeys {
  readonly 'cablecar.state':
    | 'ready'
    | 'connecting'
    | 'noKubeconfig'
    | 'noContext'
    | 'invalid'
    | 'unreachable'
    | 'forbidden'
    | 'credentials'
    | 'noServices'
    | 'noRollouts';
  /** A canary takes traffic in a connected context. */
  readonly 'cablecar.active': boolean;
  readonly 'cablecar.filtered': boolean;
}

export const trusted = 'isWorkspaceTrusted';
const writable = `${trusted} && !config.cablecar.readOnly`;
const inViews = `view =~ /^cablecar\\./`;
const row = (...flags: string[]): string =>
  [inViews, ...flags.map((flag) => `viewItem =~ /;${flag};/`)].join(' && ');

/** The editor shows a plan file. */
const inPlan = 'resourceFilename =~ /\\.cablecar\\.yaml$/';

const titleButton = (group: string, when = inViews): MenuEntry => ({
  menu: 'view/title',
  when,
  group,
});
const onRow = (group: string, ...flags: string[]): MenuEntry => ({
  menu: 'view/item/context',
  when: row(...flags),
  group,
});
const onWritableRow = (group: string, ...flags: string[]): MenuEntry => ({
  menu: 'view/item/context',
  when: `${row(...flags)} && !config.cablecar.readOnly`,
  group,
});

export const commands = {
  'cablecar.openRollout': {
    title: ['Open Rollout', '打开灰度发布'],
    icon: 'go-to-file',
    enablement: trusted,
    menus: [onRow('1_open@1', 'rollout')],
  },
  'cablecar.openMetrics': {
    title: ['Open Metrics', '打开指标'],
    icon: 'graph-line',
    enablement: trusted,
    menus: [onRow('1_open@2', 'service')],
  },
  'cablecar.setWeight': {
    title: ['Set Weight…', '设置权重…'],
    icon: 'settings',
    enablement: writable,
    menus: [onWritableRow('2_weight@1', 'rollout', 'weights')],
  },
  'cablecar.setMatch': {
    title: ['Set Match Rule…', '设置匹配规则…'],
    enablement: writable,
    menus: [onWritableRow('2_weight@2', 'rollout', 'matches')],
  },
  'cablecar.promote': {
    title: ['Promote…', '提升为稳定版…'],
    icon: 'arrow-up',
    enablement: writable,
    menus: [onWritableRow('inline@1', 'active', 'promote'), onWritableRow('3_end@1', 'promote')],
  },
  'cablecar.rollback': {
    title: ['Roll Back', '回滚'],
    icon: 'discard',
    enablement: writable,
    menus: [onWritableRow('inline@2', 'rollback'), onWritableRow('3_end@2', 'rollout')],
    key: { key: 'ctrl+alt+shift+z', mac: 'cmd+alt+shift+z', when: 'cablecar.active' },
  },
  'cablecar.undo': { title: ['Undo Last Change…', '撤销上一次更改…'], enablement: writable },
  'cablecar.runPlan': {
    title: ['Run Release Plan…', '运行发布计划…'],
    icon: 'play',
    enablement: writable,
  },
  'cablecar.tellRun': {
    title: ['Pause, Resume or End a Run…', '暂停、继续或结束运行…'],
    enablement: writable,
    menus: [onWritableRow('3_end@4', 'rollout', 'run')],
  },
  'cablecar.startCanary': {
    title: ['Start Canary…', '启动金丝雀版本…'],
    icon: 'add',
    enablement: writable,
    menus: [
      onWritableRow('inline@1', 'service', 'startable'),
      onWritableRow('4_start@1', 'service', 'startable'),
    ],
  },
  'cablecar.setBatch': {
    title: ['Set Batch…', '设置批次…'],
    icon: 'layers',
    enablement: writable,
    menus: [onWritableRow('2_weight@1', 'rollout', 'batch')],
  },
  'cablecar.setSurge': {
    title: ['Set Surge…', '设置上下限…'],
    enablement: writable,
    menus: [onWritableRow('2_weight@2', 'rollout', 'surge')],
  },
  'cablecar.pause': {
    title: ['Pause', '暂停'],
    icon: 'debug-pause',
    enablement: writable,
    menus: [onWritableRow('2_weight@3', 'rollout', 'pause')],
  },
  'cablecar.resume': {
    title: ['Resume', '继续'],
    icon: 'debug-continue',
    enablement: writable,
    menus: [onWritableRow('2_weight@4', 'rollout', 'resume')],
  },
  'cablecar.finish': {
    title: ['Finish Update…', '完成更新…'],
    icon: 'check-all',
    enablement: writable,
    menus: [onWritableRow('inline@1', 'active', 'finish'), onWritableRow('3_end@1', 'finish')],
  },
  'cablecar.undoRevision': {
    title: ['Undo to Revision…', '撤销到修订版本…'],
    icon: 'history',
    enablement: writable,
    menus: [onWritableRow('3_end@3', 'revisions')],
  },
  'cablecar.endCanary': {
    title: ['End Canary…', '结束金丝雀版本…'],
    enablement: writable,
    menus: [onWritableRow('3_end@4', 'rollout', 'endable')],
  },
  'cablecar.newReleasePlan': {
    title: ['New Release Plan…', '新建发布计划…'],
    icon: 'new-file',
    enablement: trusted,
    menus: [onRow('4_plan@1', 'rollout')],
  },
  'cablecar.validatePlan': {
    title: ['Validate Release Plan', '验证发布计划'],
    palette: inPlan,
  },
  'cablecar.exportAlertRule': {
    title: ['Export Alert Rule…', '导出告警规则…'],
    enablement: trusted,
    palette: inPlan,
  },
  'cablecar.useContext': {
    title: ['Use Context…', '使用上下文…'],
    icon: 'plug',
    enablement: trusted,
    menus: [titleButton('2_scope@1'), onRow('1_open@1', 'context', 'other')],
  },
  'cablecar.chooseNamespaces': {
    title: ['Choose Namespaces…', '选择命名空间…'],
    icon: 'list-filter',
    enablement: trusted,
    menus: [titleButton('2_scope@2'), onRow('2_scope@1', 'context')],
  },
  'cablecar.setPrometheus': {
    title: ['Set Prometheus…', '设置 Prometheus…'],
    enablement: trusted,
    menus: [titleButton('3_metrics@1'), onRow('3_metrics@1', 'context')],
  },
  'cablecar.testPrometheus': {
    title: ['Test Prometheus Connection', '测试 Prometheus 连接'],
    enablement: trusted,
    menus: [titleButton('3_metrics@2'), onRow('3_metrics@2', 'context')],
  },
  'cablecar.setAlertmanager': {
    title: ['Set Alertmanager…', '设置 Alertmanager…'],
    enablement: trusted,
    menus: [titleButton('3_metrics@3'), onRow('3_metrics@3', 'context')],
  },
  'cablecar.testAlertmanager': {
    title: ['Test Alertmanager Connection', '测试 Alertmanager 连接'],
    enablement: trusted,
    menus: [titleButton('3_metrics@4'), onRow('3_metrics@4', 'context')],
  },
  'cablecar.filter': {
    title: ['Filter…', '筛选…'],
    icon: 'filter',
    menus: [titleButton('navigation@2', `${inViews} && !cablecar.filtered`)],
  },
  'cablecar.clearFilter': {
    title: ['Clear Filter', '清除筛选'],
    icon: 'filter-filled',
    palette: 'cablecar.filtered',
    menus: [titleButton('navigation@2', `${inViews} && cablecar.filtered`)],
  },
  'cablecar.refresh': {
    title: ['Refresh', '刷新'],
    icon: 'refresh',
    enablement: trusted,
    menus: [titleButton('navigation@1')],
  },
  'cablecar.openYaml': {
    title: ['Open YAML', '打开 YAML'],
    icon: 'file-code',
    palette: 'never',
    menus: [onRow('6_open@1', 'object')],
  },
  'cablecar.openInPrometheus': {
    title: ['Open in Prometheus', '在 Prometheus 中打开'],
    enablement: trusted,
    menus: [onRow('5_metrics@1', 'rollout')],
  },
  'cablecar.openInGrafana': {
    title: ['Open in Grafana', '在 Grafana 中打开'],
    enablement: `${trusted} && config.cablecar.grafana.urlTemplate`,
    palette: 'config.cablecar.grafana.urlTemplate',
    menus: [
      {
        menu: 'view/item/context',
        when: `${row('rollout')} && config.cablecar.grafana.urlTemplate`,
        group: '5_metrics@2',
      },
    ],
  },
  'cablecar.copyName': {
    title: ['Copy Name', '复制名称'],
    palette: 'never',
    menus: [onRow('7_copy@1')],
  },
  'cablecar.copyYaml': {
    title: ['Copy YAML', '复制 YAML'],
    palette: 'never',
    menus: [onRow('7_copy@2', 'object')],
  },
  'cablecar.copyKubectl': {
    title: ['Copy kubectl Command', '复制 kubectl 命令'],
    palette: 'never',
    menus: [onRow('7_copy@3', 'object')],
  },
  'cablecar.showLog': { title: ['Show Log', '显示日志'], menus: [titleButton('9_help@1')] },
  'cablecar.copySupportReport': { title: ['Copy Support Report', '复制支持报告'] },
  'cablecar.openWalkthrough': {
    title: ['Open Walkthrough', '打开演练'],
    menus: [titleButton('9_help@2')],
  },
} as const satisfies Record<string, CommandDefinition>;

export type CommandId = keyof typeof commands;

export interface ColorDefinition {
  readonly description: Words;
  readonly defaults: Readonly<
    Record<'dark' | 'light' | 'highContrast' | 'highContrastLight', string>
  >;
}

/**
 * The two track colours, the same in tree, bar and charts. `charts.orange` cannot be the canary's: VS Code derives it from a translucent
 * highlight, so that it is nearly invisible on both backgrounds.
 */
export const colors = {
  'cablecar.stable': {
    description: ['Stable version: its share, its lines.', '稳定版的颜色：占比与曲线。'],
    defaults: {
      dark: 'charts.blue',
      light: 'charts.blue',
      highContrast: 'charts.blue',
      highContrastLight: 'charts.blue',
    },
  },
  'cablecar.canary': {
    description: ['Canary: its share, its lines.', '金丝雀版本的颜色：占比与曲线。'],
    defaults: {
      dark: '#e2912d',
      light: '#b85c00',
      highContrast: '#ffa940',
      highContrastLight: '#8f4700',
    },
  },
} as const satisfies Record<string, ColorDefinition>;
