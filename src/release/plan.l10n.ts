import { speaker, type Catalogue } from '../base/text.ts';

/** What can be wrong in a plan file. {where} is a path like `steps[0].weight`, {value} what stands there. */
export const planWords = {
  // The text as YAML.
  'plan.tooLong': [
    'This file has {kib} KiB; a release plan has at most {max}. Open the plan itself, or split it.',
    '此文件有 {kib} KiB；发布计划最多 {max} KiB。请打开计划文件本身，或将其拆分。',
  ],
  'plan.tooDeep': [
    'The parts of this file are nested too deeply to be read; a release plan needs six levels.',
    '此文件嵌套层次过深，无法读取；发布计划只需要六层。',
  ],
  'plan.empty': [
    'This file is empty. A release plan begins with "apiVersion: cablecar/v1alpha1" and "kind: ReleasePlan".',
    '此文件为空。发布计划以 "apiVersion: cablecar/v1alpha1" 和 "kind: ReleasePlan" 开头。',
  ],
  'plan.severalDocuments': [
    'A file holds one release plan. Move what follows "---" to a file of its own.',
    '一个文件只能有一个发布计划。请将 "---" 之后的内容移到单独的文件。',
  ],
  'plan.alias': [
    'Anchors and aliases (& and *) are not read in a release plan. Write the value out.',
    '发布计划不支持锚点与别名（& 与 *）。请写出完整的值。',
  ],
  'plan.syntax': ['This is not valid YAML: {message}', '这不是有效的 YAML：{message}'],
  'plan.syntax.duplicateKey': [
    'This key stands twice in the same mapping. Keep one of them.',
    '同一映射中此键出现了两次。请只保留一个。',
  ],
  'plan.syntax.tab': [
    'YAML is indented with spaces, not with tabs.',
    'YAML 用空格缩进，不能用制表符。',
  ],
  'plan.syntax.indent': [
    'This line is not indented like the lines that it belongs to.',
    '此行的缩进与同级的行不一致。',
  ],
  'plan.syntax.missing': [
    'Something is missing here, a quotation mark, a bracket or a colon: {message}',
    '此处缺少引号、括号或冒号等符号：{message}',
  ],
  'plan.syntax.tag': [
    'Tags (!…) are not read in a release plan. Write the plain value.',
    '发布计划不支持标签（!…）。请直接写值。',
  ],
  // Keys.
  'plan.noMapping': [
    'A release plan is a mapping of keys and values, beginning with "apiVersion".',
    '发布计划由键和值组成的映射构成，以 "apiVersion" 开头。',
  ],
  'plan.unknownKeyGuess': [
    'There is no key "{key}" here; "{guess}" was probably meant.',
    '此处没有键“{key}”；可能是想写“{guess}”。',
  ],
  'plan.unknownKey': [
    'There is no key "{key}" here; there are: {known}.',
    '此处没有键“{key}”；可用的有：{known}。',
  ],
  'plan.missing': ['The key "{key}" is missing.', '缺少键“{key}”。'],
  'plan.missingIn': ['The key "{key}" is missing in {where}.', '{where} 中缺少键“{key}”。'],
  // Values.
  'plan.noValue': [
    '{where} has no value. Write one, or remove the key.',
    '{where} 没有值。请写入值，或删除此键。',
  ],
  'plan.wantMapping': [
    '{where} is a mapping of keys and values, not "{value}".',
    '{where} 应为键和值的映射，而不是“{value}”。',
  ],
  'plan.wantList': [
    '{where} is a list, each entry after "- ", not "{value}".',
    '{where} 应为列表，每项以 "- " 开头，而不是“{value}”。',
  ],
  'plan.wantText': [
    '{where} is a text, not {value}. Put it in quotation marks if it looks like a number.',
    '{where} 应为文本，而不是 {value}。若看起来像数字，请加引号。',
  ],
  'plan.wantName': [
    '"{value}" is no name: it begins with a letter and has letters, digits, "-", "_" and ".".',
    '“{value}” 不是名称：须以字母开头，由字母、数字、“-”、“_”、“.”组成。',
  ],
  'plan.emptyText': [
    '{where} is empty. Write a value, or remove the key.',
    '{where} 为空。请写入值，或删除此键。',
  ],
  'plan.longText': [
    '{where} is longer than {wanted} characters.',
    '{where} 超过 {wanted} 个字符。',
  ],
  'plan.emptyList': [
    '{where} has no entry; it needs at least one.',
    '{where} 没有条目；至少需要一个。',
  ],
  'plan.longList': ['{where} has more than {wanted} entries.', '{where} 的条目超过 {wanted} 个。'],
  'plan.wantFlag': [
    '{where} is true or false, not "{value}".',
    '{where} 应为 true 或 false，而不是“{value}”。',
  ],
  'plan.wantCount': [
    '{where} is a whole number, not "{value}".',
    '{where} 应为整数，而不是“{value}”。',
  ],
  'plan.wantCountFrom': [
    '{where} is at least {wanted}, not {value}.',
    '{where} 至少为 {wanted}，而不是 {value}。',
  ],
  'plan.wantCountTo': [
    '{where} is at most {wanted}, not {value}.',
    '{where} 最多为 {wanted}，而不是 {value}。',
  ],
  'plan.wantNumber': ['{where} is a number, not "{value}".', '{where} 应为数字，而不是“{value}”。'],
  'plan.wantDuration': [
    '{where} is a time with its unit, like 90s, 5m or 1h30m, not "{value}".',
    '{where} 应为带单位的时间，例如 90s、5m 或 1h30m，而不是“{value}”。',
  ],
  'plan.wantPercent': [
    '{where} is a whole percentage from 1% to 100%, not "{value}".',
    '{where} 应为 1% 到 100% 的整数百分比，而不是“{value}”。',
  ],
  'plan.wantRatio': [
    '{where} is a percentage with its sign, like 1% or 0.5%, not "{value}".',
    '{where} 应为带百分号的百分比，例如 1% 或 0.5%，而不是“{value}”。',
  ],
  'plan.wantMilliseconds': [
    '{where} is a time with its unit, like 300ms or 1.5s, not "{value}".',
    '{where} 应为带单位的时间，例如 300ms 或 1.5s，而不是“{value}”。',
  ],
  'plan.wantPods': [
    '{where} is a number of pods or a whole percentage of them, like 2 or 10%, not "{value}".',
    '{where} 应为 Pod 数或其整数百分比，例如 2 或 10%，而不是“{value}”。',
  ],
  'plan.wantPodLimit': [
    '{where} is a number of pods or a percentage, like 1 or 25%, not "{value}".',
    '{where} 应为 Pod 数或百分比，例如 1 或 25%，而不是“{value}”。',
  ],
  'plan.wantOneOf': [
    '{where} is one of: {wanted}; not "{value}".',
    '{where} 应为以下之一：{wanted}；而不是“{value}”。',
  ],
  'plan.wantExactly': [
    '{where} is "{wanted}", not "{value}".',
    '{where} 应为“{wanted}”，而不是“{value}”。',
  ],
  'plan.wantRoute': [
    '{where} is Kind/name, like VirtualService/shop, not "{value}".',
    '{where} 应为 Kind/名称，例如 VirtualService/shop，而不是“{value}”。',
  ],
  'plan.wantCondition': [
    '{where} is the wanted text, or one of prefix, regex and present with a value; not "{value}".',
    '{where} 应为期望的文本，或带值的 prefix、regex、present 之一；而不是“{value}”。',
  ],
  'plan.wantComparison': [
    '{where} is "stable", or its limits as keys, not "{value}".',
    '{where} 应为 "stable"，或以键写出的限值，而不是“{value}”。',
  ],
  'plan.wantArgument': [
    '{where} is a text, or a text for each of canary and stable, not "{value}".',
    '{where} 应为文本，或分别为 canary 与 stable 各写一个文本，而不是“{value}”。',
  ],
  'plan.wantMatchers': [
    '{where} is matchers of an alert, like alertname="ShopErrors", severity=~"page|critical"; not "{value}".',
    '{where} 应为告警匹配条件，例如 alertname="ShopErrors", severity=~"page|critical"；而不是“{value}”。',
  ],
  'plan.wantUrl': [
    '{where} is an address that begins with https:// or http://, not "{value}".',
    '{where} 应为以 https:// 或 http:// 开头的地址，而不是“{value}”。',
  ],
  'plan.wantNotification': [
    '{where} has one key, "command" or "webhook", with a text; not "{value}".',
    '{where} 应只有一个键 "command" 或 "webhook"，值为文本；而不是“{value}”。',
  ],
  'plan.wantMetricKind': [
    '{where} is one of: {wanted}; not "{value}".',
    '{where} 应为以下之一：{wanted}；而不是“{value}”。',
  ],
} as const satisfies Catalogue;

export const say = speaker(planWords);
