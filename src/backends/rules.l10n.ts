import { speaker, type Catalogue } from '../base/text.ts';

/** What rules say, for every back end that has some, and what is done to them. */
export const ruleWords = {
  'rule.everyone': ['Everyone: {split}', '所有请求：{split}'],
  'rule.matched': ['{conditions} → {split}', '{conditions} → {split}'],
  'rule.single': ['{track}', '{track}'],
  'rule.part': ['{percent} % to {track}', '{track} {percent}%'],
  'rule.list': ['{a}, {b}', '{a}，{b}'],
  'rule.and': ['{a} and {b}', '{a} 且 {b}'],
  'rule.or': ['{a}, or {b}', '{a}，或 {b}'],
  'rule.mirror': ['{sentence}; {percent} % copied to {to}', '{sentence}；{percent}% 镜像到 {to}'],
  'rule.on.header': ['Header `{name}{op}{value}`', '请求头 `{name}{op}{value}`'],
  'rule.on.cookie': ['Cookie `{name}{op}{value}`', 'Cookie `{name}{op}{value}`'],
  'rule.on.user': ['User id `{name}{op}{value}`', '用户 ID `{name}{op}{value}`'],
  'rule.on.device': ['Device (user agent) `{value}`', '设备（User-Agent）`{value}`'],
  'rule.on.source': ['Source `{name}{op}{value}`', '来源 `{name}{op}{value}`'],
  'rule.on.path': ['Path `{value}`{prefix}', '路径 `{value}`{prefix}'],
  'rule.on.method': ['Method `{value}`', '方法 `{value}`'],
  'rule.on.query': ['Query `{name}{op}{value}`', '查询参数 `{name}{op}{value}`'],
  'rule.on.other': ['`{name}{op}{value}`', '`{name}{op}{value}`'],
  'rule.device.phone': ['Phones', '手机'],
  'rule.device.tablet': ['Tablets', '平板'],
  'rule.device.desktop': ['Desktop computers', '桌面电脑'],
  'rule.prefix': [' and below', ' 及其下级'],
  'rule.absent': ['no {condition}', '无{condition}'],

  'rule.add': [
    '{service}: add the rule {rule}, in {namespace}.',
    '{service}：添加规则 {rule}，位于 {namespace}。',
  ],
  'rule.share': [
    '{service}: change the rule {was} to {rule}, in {namespace}.',
    '{service}：将规则 {was} 改为 {rule}，位于 {namespace}。',
  ],
  'rule.remove': [
    '{service}: take away the rule {rule}, in {namespace}. Its requests go where those of everybody go.',
    '{service}：移除规则 {rule}，位于 {namespace}。其请求将与其他请求一样处理。',
  ],
  'rule.asItIs': [
    '{service} has this rule already, in {namespace}: {rule}.',
    '{service} 已有此规则，位于 {namespace}：{rule}。',
  ],
  'rule.undoAdd': [
    '{service}: take the rule {rule} away again, in {namespace}.',
    '{service}：再次移除规则 {rule}，位于 {namespace}。',
  ],
  'rule.undoShare': [
    '{service}: change the rule back to {rule}, in {namespace}.',
    '{service}：将规则改回 {rule}，位于 {namespace}。',
  ],
  'rule.undoRemove': [
    '{service}: put the rule {rule} back, in {namespace}.',
    '{service}：恢复规则 {rule}，位于 {namespace}。',
  ],
  'rule.severalPlaces': [
    '{sentence} It stands in {n} places: before each of the rules that split the requests.',
    '{sentence}该规则位于 {n} 处：在每条切分请求的规则之前。',
  ],
  'rule.spoofed': [
    '{sentence} A client can send {header} itself and so choose its version, unless your edge sets or removes it on every request.',
    '{sentence}客户端可以自行发送 {header} 来选择版本，除非您的边缘代理对每个请求都设置或移除它。',
  ],
  'rule.shadowed': [
    '{sentence} It has no effect now: the rule {rule}, which is tried before, takes all these requests.',
    '{sentence}该规则目前不起作用：更先匹配的规则 {rule} 会承接全部这些请求。',
  ],
  'rule.expression': [
    '{sentence} It needs a gateway that understands regular expressions on headers: not all do.',
    '{sentence}它要求网关支持对请求头使用正则表达式：并非所有网关都支持。',
  ],
  'rule.otherHeir': [
    '{sentence} The rule {rule}, which takes them then, has other settings ({settings}).',
    '{sentence}届时承接这些请求的规则 {rule} 有不同的设置（{settings}）。',
  ],

  'rule.notHere': [
    '{service} is split without looking at the requests, so no rule can choose some of them.',
    '{service} 的流量切分不查看请求内容，因此无法用规则选择部分请求。',
  ],
  'rule.none': [
    'No rule of {route} sends requests to {stable}, so there is nothing that a rule for some of them could stand before.',
    '{route} 中没有将请求发送到 {stable} 的规则，因此无法在其之前放置只针对部分请求的规则。',
  ],
  'rule.gone': [
    'The rule {rule} of {route} is not what was shown any more, so nothing was written. Look at the rules again.',
    '{route} 的规则 {rule} 已与显示的不同，因此没有写入任何内容。请重新查看规则。',
  ],
  'rule.notThere': [
    '{route} has no rule of Cablecar with these conditions.',
    '{route} 中没有由 Cablecar 添加且条件如此的规则。',
  ],
  'rule.duplicate': [
    '{route} has a rule with these conditions already: {rule}. Change its share instead.',
    '{route} 已有条件相同的规则：{rule}。请改为更改其占比。',
  ],
  'rule.forEveryone': [
    'The rule {rule} is for everybody. Set its weight instead, or roll back.',
    '规则 {rule} 面向所有请求。请改为设置其权重，或回滚。',
  ],
  'rule.foreign': [
    'The rule {rule} was not made by Cablecar: its share can be changed here, its conditions in {route}.',
    '规则 {rule} 不是由 Cablecar 添加的：此处可更改其占比，其条件请在 {route} 中更改。',
  ],
  'rule.noHeir': [
    'Nobody else would take the requests of the rule {rule}, so they would fail. Change its share instead.',
    '没有其他规则会承接规则 {rule} 的请求，这些请求会失败。请改为更改其占比。',
  ],
  'rule.lost': [
    'The rule that {rule} was made for is gone, so its conditions cannot be changed. Take it away and add another.',
    '规则 {rule} 所依据的规则已不存在，因此无法更改其条件。请移除后重新添加。',
  ],
  'rule.sameHeader': [
    'Two conditions would be about the header {header}, and a route can ask of each header only once.',
    '会有两个条件针对请求头 {header}，而路由对每个请求头只能有一个条件。',
  ],
  'rule.tooManyRules': [
    '{route} would have {n} rules; {most} is the most that it may have.',
    '{route} 将有 {n} 条规则；最多允许 {most} 条。',
  ],
  'rule.tooManyMatches': [
    'The rule would have {n} matches; {most} is the most that it may have. Name fewer values.',
    '该规则将有 {n} 个匹配项；最多允许 {most} 个。请减少取值。',
  ],
  'rule.routeTooManyMatches': [
    '{route} would have {n} matches in all; {most} is the most that it may have. Name fewer values.',
    '{route} 总共将有 {n} 个匹配项；最多允许 {most} 个。请减少取值。',
  ],
} as const satisfies Catalogue;

export const say = speaker(ruleWords);
