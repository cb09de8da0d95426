import {
  colors,
  commands,
  containerId,
  panelType,
  walkthroughId,
  type ColorDefinition,
  type CommandDefinition,
  type Words,
} from '../editor/contributions.ts';
import { planSuffix } from '../release/planName.ts';
import { planSchemaFiles } from './planSchema.ts';
import { viewDefinitions } from '../editor/viewDefinitions.ts';
import { settings, type SettingDefinition } from '../editor/settingDefinitions.ts';
import {
  walkthroughDescription,
  walkthroughSteps,
  walkthroughTitle,
} from '../editor/walkthrough.ts';

/** The generated part of package.json, and the words that its `%keys%` stand for. */
export interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: unknown;
  readonly contributes: unknown;
  /** Key → [English, Simplified Chinese], in the order of the manifest. */
  readonly words: ReadonlyMap<string, Words>;
}

const category: Words = ['Cablecar', 'Cablecar'];
const productWords: readonly (readonly [string, Words])[] = [
  ['displayName', ['Cablecar: Canary Releases for Kubernetes', 'Cablecar：Kubernetes 灰度发布']],
  [
    'description',
    [
      'Release a new version to a few users first, watch it against the old one, widen it or take it back: canary releases on Kubernetes without leaving the editor.',
      '先向少量用户发布新版本，与旧版本对比观察，再扩大或收回：无需离开编辑器即可在 Kubernetes 上进行灰度发布。',
    ],
  ],
];

/** Builds the manifest from the typed definitions; pure. */
export function manifestOf(): Manifest {
  const words = new Map<string, Words>(productWords);
  const nls: Nls = (key, pair) => {
    words.set(key, pair);
    return `%${key}%`;
  };
  const capabilities = capabilitiesOf(nls);
  const contributes = {
    commands: entries(commands).map(([id, command]) => commandEntry(id, command, nls)),
    menus: menusOf(),
    keybindings: keybindings(),
    viewsContainers: {
      activitybar: [{ id: containerId, title: 'Cablecar', icon: 'media/cablecar.svg' }],
    },
    views: {
      [containerId]: viewDefinitions.map((view) => ({
        id: view.id,
        name: nls(`view.${shortOf(view.id)}`, view.name),
        icon: 'media/cablecar.svg',
      })),
    },
    viewsWelcome: welcomesOf(nls),
    colors: entries<ColorDefinition>(colors).map(([id, color]) => ({
      id,
      description: nls(`color.${shortOf(id)}`, color.description),
      defaults: color.defaults,
    })),
    configuration: configurationOf(nls),
    walkthroughs: [walkthroughOf(nls)],
    yamlValidation: [planValidation(nls)],
  };
  // A restored panel and an open plan file must find us; VS Code derives every other event from `contributes`.
  return {
    activationEvents: [`onWebviewPanel:${panelType}`, 'onLanguage:yaml'],
    capabilities,
    contributes,
    words,
  };
}

type Nls = (key: string, words: Words) => string;

function entries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record);
}

function shortOf(id: string): string {
  return id.replace(/^cablecar\./, '');
}

function commandEntry(id: string, command: CommandDefinition, nls: Nls): object {
  return {
    command: id,
    title: nls(`command.${shortOf(id)}`, command.title),
    category: nls('category', category),
    ...(command.icon !== undefined && { icon: `$(${command.icon})` }),
    ...(command.enablement !== undefined && { enablement: command.enablement }),
  };
}

function menusOf(): Record<string, object[]> {
  const menus: Record<string, object[]> = {};
  const add = (menu: string, entry: object): void => {
    (menus[menu] ??= []).push(entry);
  };
  for (const [id, command] of entries<CommandDefinition>(commands)) {
    if (command.palette !== undefined) {
      const when = command.palette === 'never' ? 'false' : command.palette;
      add('commandPalette', { command: id, when });
    }
    for (const { menu, when, group } of command.menus ?? [])
      add(menu, { command: id, when, group });
  }
  return menus;
}

function keybindings(): object[] {
  return entries<CommandDefinition>(commands).flatMap(([id, { key }]) =>
    key === undefined ? [] : [{ command: id, ...key }],
  );
}

function welcomesOf(nls: Nls): object[] {
  return viewDefinitions.flatMap((view) =>
    view.welcomes.map(({ when, contents }) => {
      const reason = /== (\w+)$/.exec(when)?.[1] ?? 'untrusted';
      return {
        view: view.id,
        contents: nls(`welcome.${shortOf(view.id)}.${reason}`, contents),
        when,
      };
    }),
  );
}

function configurationOf(nls: Nls): object {
  const properties = entries<SettingDefinition>(settings).map(([id, setting], order) => [
    id,
    settingEntry(shortOf(id), setting, order, nls),
  ]);
  return { title: 'Cablecar', properties: Object.fromEntries(properties) as object };
}

function settingEntry(short: string, setting: SettingDefinition, order: number, nls: Nls): object {
  const { choices } = setting;
  return {
    type: setting.type,
    default: setting.default,
    scope: setting.scope,
    order,
    markdownDescription: nls(`setting.${short}`, setting.description),
    ...setting.schema,
    ...(choices !== undefined && {
      enum: choices.map((choice) => choice.value),
      markdownEnumDescriptions: choices.map((choice) =>
        nls(`setting.${short}.${choice.value}`, choice.description),
      ),
    }),
  };
}

function walkthroughOf(nls: Nls): object {
  return {
    id: walkthroughId,
    title: nls('walkthrough.title', walkthroughTitle),
    description: nls('walkthrough.description', walkthroughDescription),
    steps: walkthroughSteps.map((step) => ({
      id: step.id,
      title: nls(`walkthrough.${step.id}.title`, step.title),
      description: nls(`walkthrough.${step.id}.description`, step.description),
      media: { svg: `media/${step.picture}`, altText: nls(`walkthrough.${step.id}.alt`, step.alt) },
      completionEvents: [step.completedBy],
    })),
  };
}

/** For the YAML extension. The words of the manifest choose the file, so that the descriptions are in the language of the editor. */
function planValidation(nls: Nls): object {
  const [english, chinese] = planSchemaFiles;
  return { fileMatch: `*${planSuffix}`, url: nls('planSchema', [`./${english}`, `./${chinese}`]) };
}

/** Without trust we are loaded, so that the views can say why they are empty, but nothing runs and nothing connects. */
function capabilitiesOf(nls: Nls): object {
  const machine = entries<SettingDefinition>(settings).filter(([, s]) => s.scope === 'machine');
  return {
    untrustedWorkspaces: {
      supported: 'limited',
      description: nls('capability.untrusted', [
        'In an untrusted folder no kubeconfig is read, no program is run and no cluster is connected.',
        '在未受信任的文件夹中，不读取 kubeconfig、不运行程序，也不连接集群。',
      ]),
      restrictedConfigurations: machine.map(([id]) => id),
    },
    virtualWorkspaces: {
      supported: false,
      description: nls('capability.virtual', [
        'A kubeconfig and its programs need a real file system.',
        'kubeconfig 及其程序需要真实的文件系统。',
      ]),
    },
  };
}
