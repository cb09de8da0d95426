import { trusted, views, type CommandId, type ContextKeys, type Words } from './contributions.ts';

export interface ViewDefinition {
  readonly id: string;
  readonly name: Words;
  readonly welcomes: readonly { readonly when: string; readonly contents: Words }[];
}

const link = (words: Words, command: CommandId): Words => [
  `[${words[0]}](command:${command})`,
  `[${words[1]}](command:${command})`,
];
const paragraphs = (...parts: Words[]): Words => [
  parts.map((p) => p[0]).join('\n'),
  parts.map((p) => p[1]).join('\n'),
];
const logLink: Words = link(['Show Log', '显示日志'], 'cablecar.showLog');
const state = (value: ContextKeys['cablecar.state']): string =>
  `${trusted} && cablecar.state == ${value}`;

/** Nothing can be shown at all. */
const setupWelcomes: ViewDefinition['welcomes'] = [
  {
    when: `!${trusted}`,
    contents: paragraphs(
      [
        'This folder is not trusted, so Cablecar reads no kubeconfig, runs no program and connects to no cluster.',
        '此文件夹未受信任，因此 Cablecar 不读取 kubeconfig、不运行程序，也不连接任何集群。',
      ],
      [
        '[Manage Workspace Trust](command:workbench.trust.manage)',
        '[管理工作区信任](command:workbench.trust.manage)',
      ],
    ),
  },
  {
    when: state('noKubeconfig'),
    contents: paragraphs(
      [
        'No kubeconfig with a context was found: neither in KUBECONFIG, nor in ~/.kube/config, nor in the setting cablecar.kubeconfig.',
        '未找到含有上下文的 kubeconfig：KUBECONFIG、~/.kube/config 与设置 cablecar.kubeconfig 中均没有。',
      ],
      [
        '[Set Kubeconfig](command:workbench.action.openSettings?%5B%22cablecar.kubeconfig%22%5D)',
        '[设置 kubeconfig](command:workbench.action.openSettings?%5B%22cablecar.kubeconfig%22%5D)',
      ],
      link(['Refresh', '刷新'], 'cablecar.refresh'),
    ),
  },
];

/** One for each reason why the current context shows nothing, each with one thing to do first. The Services view has rows that say it. */
const contextWelcomes: ViewDefinition['welcomes'] = [
  {
    when: state('noContext'),
    contents: paragraphs(
      [
        'The kubeconfig names no current context that it has.',
        'kubeconfig 未指定其中存在的当前上下文。',
      ],
      link(['Use Context…', '使用上下文…'], 'cablecar.useContext'),
    ),
  },
  {
    when: state('invalid'),
    contents: paragraphs(
      [
        'This context cannot be used as it stands in the kubeconfig. The Services view says why.',
        'kubeconfig 中的此上下文无法使用。原因见“服务”视图。',
      ],
      link(['Try Again', '重试'], 'cablecar.refresh'),
      link(['Use Another Context…', '使用其他上下文…'], 'cablecar.useContext'),
    ),
  },
  {
    when: state('unreachable'),
    contents: paragraphs(
      [
        'The cluster does not answer. The Services view says why; the log has the details.',
        '集群没有应答。原因见“服务”视图，详情见日志。',
      ],
      link(['Try Again', '重试'], 'cablecar.refresh'),
      logLink,
      link(['Use Another Context…', '使用其他上下文…'], 'cablecar.useContext'),
    ),
  },
  {
    when: state('forbidden'),
    contents: paragraphs(
      [
        'You may not list Services here. Choose the namespaces that you may read, or ask for the rights in docs/rbac.yaml.',
        '您无权在此列出 Service。请选择有权读取的命名空间，或申请 docs/rbac.yaml 中的权限。',
      ],
      link(['Choose Namespaces…', '选择命名空间…'], 'cablecar.chooseNamespaces'),
      logLink,
    ),
  },
  {
    when: state('credentials'),
    contents: paragraphs(
      [
        'The cluster did not accept the credentials of this context. The Services view says why.',
        '集群未接受此上下文的凭据。原因见“服务”视图。',
      ],
      link(['Try Again', '重试'], 'cablecar.refresh'),
      logLink,
      link(['Use Another Context…', '使用其他上下文…'], 'cablecar.useContext'),
    ),
  },
];

const noServices: Words = paragraphs(
  ['There are no Services in the namespaces that are watched.', '所监视的命名空间中没有 Service。'],
  link(['Choose Namespaces…', '选择命名空间…'], 'cablecar.chooseNamespaces'),
  link(['Use Another Context…', '使用其他上下文…'], 'cablecar.useContext'),
);

export const viewDefinitions: readonly ViewDefinition[] = [
  {
    id: views.rollouts,
    name: ['Rollouts', '灰度发布'],
    welcomes: [
      ...setupWelcomes,
      ...contextWelcomes,
      { when: state('noServices'), contents: noServices },
      {
        when: state('noRollouts'),
        contents: paragraphs(
          [
            'No service is split between two versions. Start a canary: one pod of a new version beside the one that runs now.',
            '没有服务在两个版本之间切分流量。可启动金丝雀版本：在现有版本旁运行新版本的一个 Pod。',
          ],
          link(['Start Canary…', '启动金丝雀版本…'], 'cablecar.startCanary'),
          link(['Open Walkthrough', '打开演练'], 'cablecar.openWalkthrough'),
        ),
      },
    ],
  },
  { id: views.services, name: ['Services', '服务'], welcomes: setupWelcomes },
];
