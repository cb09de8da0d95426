import { speaker, type Catalogue } from '../base/text.ts';

export const pluginWords = {
  'plugin.question': [
    'The kubeconfig context {context} runs a program to sign in. Allow it?',
    'kubeconfig 上下文 {context} 需要运行一个程序来登录。是否允许？',
  ],
  'plugin.program': ['Program: {program}', '程序：{program}'],
  'plugin.args': ['Arguments: {args}', '参数：{args}'],
  'plugin.env': ['Sets: {names}', '设置的变量：{names}'],
  'plugin.allow': ['Allow', '允许'],
} as const satisfies Catalogue;

export const say = speaker(pluginWords);
