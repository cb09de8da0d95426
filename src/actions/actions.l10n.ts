import { speaker, type Catalogue } from '../base/text.ts';

/** Sentences about an intent that no back end needs to see. */
export const actionWords = {
  'action.unknownBackend': [
    'No back end of this version can write {rollout}.',
    '此版本中没有能写入 {rollout} 的后端。',
  ],
  'action.owned': [
    '{owner} decides the split of {rollout}, so nothing was written. {effect}',
    '{rollout} 的流量切分由 {owner} 决定，因此没有写入任何内容。{effect}',
  ],
  'action.noPercents': [
    'No percentage was given for {rollout}: name at least one track.',
    '没有为 {rollout} 指定百分比：请至少指定一个版本。',
  ],
  'action.unknownTrack': [
    '{rollout} has no track "{track}"; it has {tracks}.',
    '{rollout} 没有版本“{track}”；现有版本：{tracks}。',
  ],
  'action.notAPercent': [
    '{value} for "{track}" is not a whole percentage from 0 to 100.',
    '“{track}”的值 {value} 不是 0 到 100 之间的整数百分比。',
  ],
  'action.tooMuch': [
    'The percentages add up to {sum}, which is more than 100.',
    '百分比之和为 {sum}，超过了 100。',
  ],
  'action.tooLittle': [
    'The percentages add up to {sum}, and no other track is left to take the rest.',
    '百分比之和为 {sum}，且没有其他版本可以承接其余流量。',
  ],
  'action.unknownRule': ['{rollout} has no rule "{rule}".', '{rollout} 没有规则“{rule}”。'],
  'match.noRule': ['It was not said which rule is meant.', '没有指明是哪条规则。'],
  'match.noConditions': [
    'A rule for some of the requests needs a condition: name a header, a cookie, user ids, a device or a source.',
    '只针对部分请求的规则需要条件：请指定请求头、Cookie、用户 ID、设备或来源。',
  ],
  'match.tooManyConditions': [
    'A rule may have at most {most} conditions here; {n} were given.',
    '此处一条规则最多有 {most} 个条件；给出了 {n} 个。',
  ],
  'match.cannotWrite': [
    'Rules by {what} can be seen here, but not written. Change them in the route.',
    '按 {what} 的规则在此只能查看，不能写入。请在路由中更改。',
  ],
  'match.notAPercent': [
    '{value} is not a share: give a whole percentage from 0 to 100.',
    '{value} 不是有效的占比：请填写 0 到 100 的整数百分比。',
  ],
  'match.noHeaderName': [
    'The condition names no header. Write its name, such as x-canary.',
    '条件没有指定请求头。请填写其名称，例如 x-canary。',
  ],
  'match.badHeaderName': [
    '"{name}" is not the name of a header: letters, digits and hyphens without spaces, at most {most} of them.',
    '“{name}”不是请求头名称：只能是不含空格的字母、数字和连字符，最多 {most} 个字符。',
  ],
  'match.noCookieName': [
    'The condition names no cookie. Write its name, such as group.',
    '条件没有指定 Cookie。请填写其名称，例如 group。',
  ],
  'match.badCookie': [
    '"{text}" cannot be in a cookie: no spaces, commas, semicolons, quotes or backslashes.',
    'Cookie 中不能有“{text}”：不能包含空格、逗号、分号、引号或反斜杠。',
  ],
  'match.noValue': [
    'The condition on {name} has no value. Write one, or choose that it is there at all.',
    '针对 {name} 的条件没有取值。请填写，或选择“存在即可”。',
  ],
  'match.badValue': [
    'The value for {name} has characters that no header can have, or spaces at its ends.',
    '{name} 的取值包含请求头不允许的字符，或首尾有空格。',
  ],
  'match.longValue': [
    'The value for {name} has {n} characters; {most} is the most that a route takes.',
    '{name} 的取值有 {n} 个字符；路由最多接受 {most} 个。',
  ],
  'match.tooManyValues': [
    '{n} values, or combinations of them, were given for {name}; {most} is the most for one rule. Give these users a header of their own at the edge instead.',
    '为 {name} 给出了 {n} 个取值或取值组合；一条规则最多 {most} 个。请改为在边缘代理为这些用户设置专用请求头。',
  ],
  'match.emptyValue': [
    'One of the values for {name} is empty. Separate them by single commas.',
    '{name} 的取值中有空值。请用单个逗号分隔。',
  ],
  'match.badDevice': [
    '"{value}" is not a device: choose phone, tablet or desktop.',
    '“{value}”不是设备类型：请选择 phone、tablet 或 desktop。',
  ],
  'match.badExpression': [
    '"{part}" in the regular expression for {name} is not understood: {why}',
    '{name} 的正则表达式中的“{part}”无法识别：{why}',
  ],
  'match.re2.lookaround': [
    'proxies use RE2, which cannot look ahead or behind.',
    '代理使用 RE2，不支持前瞻和后顾。',
  ],
  'match.re2.backreference': [
    'proxies use RE2, which has no backreferences.',
    '代理使用 RE2，不支持反向引用。',
  ],
  'match.re2.unclosedGroup': ['the bracket is not closed.', '括号没有闭合。'],
  'match.re2.unopenedGroup': ['no bracket was opened before.', '之前没有打开的括号。'],
  'match.re2.unclosedClass': ['the square bracket is not closed.', '方括号没有闭合。'],
  'match.re2.badRange': ['this range of characters does not exist.', '该字符范围不存在。'],
  'match.re2.badEscape': ['this escape does not exist.', '该转义不存在。'],
  'match.re2.badFlags': ['these flags of a group do not exist.', '该组标志不存在。'],
  'match.re2.nothingToRepeat': ['there is nothing before it to repeat.', '之前没有可重复的内容。'],
  'match.re2.repeatedTwice': ['it repeats what is repeated already.', '它重复了已经重复的内容。'],
  'match.re2.tooManyRepeats': [
    'at most 1000 repetitions are possible, from few to many.',
    '最多重复 1000 次，且须从少到多。',
  ],
  'match.sameHeader': [
    'Two conditions are about {name}, and a route can ask of each only once. Put them into one.',
    '有两个条件针对 {name}，而路由对每个只能有一个条件。请合并为一个。',
  ],
  'action.noCanary': [
    '{rollout} has no canary, so there is nothing to promote, roll back or end.',
    '{rollout} 没有金丝雀版本，因此无法提升、回滚或结束。',
  ],
  'action.cannotStart': [
    'No back end of this version can start a canary beside {workload}.',
    '此版本中没有能在 {workload} 旁启动金丝雀版本的后端。',
  ],
  'action.noImage': [
    'No image was given for the canary of {workload}.',
    '没有为 {workload} 的金丝雀版本指定镜像。',
  ],
  'action.badImage': [
    '"{image}" is not an image name: it must have no spaces and no control characters.',
    '“{image}”不是镜像名称：不能包含空格或控制字符。',
  ],
  'action.noBatches': [
    '{rollout} cannot be updated in batches here.',
    '此处无法分批更新 {rollout}。',
  ],
  'action.notABatch': [
    '{value} is not a batch: give a whole number of pods, or a whole percentage of them from 1 to 100.',
    '{value} 不是有效的批次：请填写 Pod 的整数个数，或 1 到 100 之间的整数百分比。',
  ],
  'action.otherNamespace': [
    '{workload} and {service} are in different namespaces, so the Service cannot select its pods.',
    '{workload} 与 {service} 位于不同的命名空间，该 Service 无法选中其 Pod。',
  ],
} as const satisfies Catalogue;

export const say = speaker(actionWords);
