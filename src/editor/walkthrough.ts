import type { CommandId, Words } from './contributions.ts';

export interface WalkthroughStep {
  readonly id: string;
  readonly title: Words;
  readonly description: Words;
  /** File in media/. */
  readonly picture: string;
  readonly alt: Words;
  readonly completedBy: `onCommand:${CommandId}` | `onView:${string}`;
}

export const walkthroughTitle: Words = ['Your first canary', '第一次灰度发布'];
export const walkthroughDescription: Words = [
  'Send a few requests to a new version, compare it with the old one, then widen or take it back.',
  '先把少量请求发给新版本，与旧版本比较，再扩大或收回。',
];

export const walkthroughSteps: readonly WalkthroughStep[] = [
  {
    id: 'see',
    title: ['See what runs', '查看正在运行的服务'],
    description: [
      'Cablecar reads your kubeconfig and shows the services and canaries of its current context. It connects only once you look.\n[Show Services](command:cablecar.services.focus)',
      'Cablecar 读取 kubeconfig，显示当前上下文中的服务与灰度发布。只有在您查看时才会连接。\n[显示服务](command:cablecar.services.focus)',
    ],
    picture: 'walkthrough-see.svg',
    alt: ['A list of services, one with a canary', '服务列表，其中一个带有金丝雀版本'],
    completedBy: 'onView:cablecar.services',
  },
  {
    id: 'start',
    title: ['Start a canary', '启动金丝雀版本'],
    description: [
      'One pod of a new image is set beside the version that runs now. You see the object before it is created.\n[Start Canary…](command:cablecar.startCanary)',
      '在现有版本旁运行新镜像的一个 Pod。创建之前可以查看该对象。\n[启动金丝雀版本…](command:cablecar.startCanary)',
    ],
    picture: 'walkthrough-start.svg',
    alt: ['One orange pod beside five blue ones', '五个蓝色 Pod 旁有一个橙色 Pod'],
    completedBy: 'onCommand:cablecar.startCanary',
  },
  {
    id: 'widen',
    title: ['Give it a bit more', '逐步增加流量'],
    description: [
      'Move the slider, read the sentence that says what will be written, and send it. The graphs show canary against stable.\n[Open Rollout](command:cablecar.openRollout)',
      '移动滑块，阅读将要写入内容的说明，然后发送。图表会对比金丝雀版本与稳定版。\n[打开灰度发布](command:cablecar.openRollout)',
    ],
    picture: 'walkthrough-widen.svg',
    alt: ['A slider from 10 to 25 percent', '从 10% 到 25% 的滑块'],
    completedBy: 'onCommand:cablecar.openRollout',
  },
  {
    id: 'back',
    title: ['Take it back, or keep it', '收回或保留'],
    description: [
      'Roll Back sends all requests to stable again, at any time, with one confirmation. Promote makes the canary the stable version.\n[Roll Back](command:cablecar.rollback)',
      '“回滚”可随时通过一次确认将全部请求发回稳定版。“提升为稳定版”使金丝雀版本成为稳定版。\n[回滚](command:cablecar.rollback)',
    ],
    picture: 'walkthrough-back.svg',
    alt: ['The bar is all blue again', '分流条恢复为全蓝'],
    completedBy: 'onCommand:cablecar.rollback',
  },
];
