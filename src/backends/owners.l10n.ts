import { speaker, type Catalogue } from '../base/text.ts';

/** What an owner means for a write, one sentence each. */
export const ownerWords = {
  'owner.argoRollouts': [
    'Argo Rollouts would set the weights back: promote, abort or edit {object} instead.',
    'Argo Rollouts 会把权重改回去：请改为提升、中止或编辑 {object}。',
  ],
  'owner.flagger': [
    'Flagger would set the weights back at its next tick: edit {object} instead.',
    'Flagger 会在下一个周期把权重改回去：请改为编辑 {object}。',
  ],
  'owner.kruise': [
    'OpenKruise Rollouts would set the weights back: approve or edit the steps of {object} instead.',
    'OpenKruise Rollouts 会把权重改回去：请改为批准或编辑 {object} 的步骤。',
  ],
  'owner.knative': [
    'Knative would set the weights back: edit spec.traffic of {object} instead.',
    'Knative 会把权重改回去：请改为编辑 {object} 的 spec.traffic。',
  ],
  'owner.argoCd': [
    'Argo CD keeps {object} as application {application} has it in Git: with self-heal a change is put back within seconds, else at the next sync, so change it in Git too.',
    'Argo CD 使 {object} 与应用 {application} 在 Git 中的内容保持一致：启用自愈时更改会在数秒内被还原，否则在下次同步时还原，因此请同时在 Git 中更改。',
  ],
  'owner.flux': [
    'Flux keeps {object} as {source} has it in Git: a change is put back when it reconciles next, so change it in Git too.',
    'Flux 使 {object} 与 {source} 在 Git 中的内容保持一致：更改会在下次协调时被还原，因此请同时在 Git 中更改。',
  ],
  'owner.unread': [
    'Not all {kinds} in {namespace} could be read, and one of them may decide the split of {service}: what is shown, and what a write would do, may be wrong. Ask for the verbs list and watch on them.',
    '命名空间 {namespace} 中的 {kinds} 未能全部读取，而其中之一可能决定 {service} 的流量切分：此处显示的内容及写入的效果可能有误。请申请对它们的 list 和 watch 权限。',
  ],
  'owner.helm': [
    'Helm installed {object} with release {release}: the next upgrade may set a change back or stop at a conflict, so change the values of the release too.',
    '{object} 由 Helm 发布 {release} 安装：下次升级可能会还原更改或因冲突而中止，因此请同时更改该发布的 values。',
  ],
} as const satisfies Catalogue;

export const say = speaker(ownerWords);
