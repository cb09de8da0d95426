import { speaker, type Catalogue } from '../base/text.ts';

export const clusterWords = {
  'cluster.notInCluster': [
    'This is not a pod of a cluster: KUBERNETES_SERVICE_HOST is not set. Name a kubeconfig.',
    '当前不在集群的 Pod 中：未设置 KUBERNETES_SERVICE_HOST。请指定 kubeconfig。',
  ],
  'cluster.noServiceAccount': [
    'The ServiceAccount of this pod cannot be read in {folder} ({reason}). Check that its token is mounted.',
    '无法在 {folder} 中读取此 Pod 的 ServiceAccount（{reason}）。请检查其令牌是否已挂载。',
  ],
  // Kubeconfig.
  'cluster.noKubeconfig': [
    'There is no kubeconfig at {files}. Create one, set KUBECONFIG before starting VS Code, or name a file in the setting “Cablecar: Kubeconfig”.',
    '在 {files} 没有找到 kubeconfig。请创建一个，或在启动 VS Code 前设置 KUBECONFIG，或在设置“Cablecar: Kubeconfig”中指定文件。',
  ],
  'cluster.kubeconfigUnreadable': [
    'The kubeconfig {file} cannot be read ({reason}). Check its permissions.',
    '无法读取 kubeconfig {file}（{reason}）。请检查其权限。',
  ],
  'cluster.kubeconfigNotYaml': [
    'The kubeconfig {file} is not valid YAML at line {line}: {reason}',
    'kubeconfig {file} 第 {line} 行不是有效的 YAML：{reason}',
  ],
  'cluster.kubeconfigNotAMap': [
    'The kubeconfig {file} does not hold a kubeconfig. Check that the file is the right one.',
    '{file} 的内容不是 kubeconfig。请确认文件是否正确。',
  ],
  'cluster.kubeconfigEmptied': [
    'The kubeconfig {files} no longer holds any context. The last good one stays in use.',
    'kubeconfig {files} 中已没有任何上下文，将继续使用上一次有效的配置。',
  ],
  'cluster.noCurrentContext': [
    'The kubeconfig {files} names no current context. Choose one.',
    'kubeconfig {files} 未指定当前上下文。请选择一个。',
  ],
  'cluster.unknownContext': [
    'The kubeconfig has no context “{context}”. Choose another one.',
    'kubeconfig 中没有上下文“{context}”。请选择其他上下文。',
  ],
  'cluster.unknownCluster': [
    'The context “{context}” names the cluster “{cluster}”, which the kubeconfig does not have.',
    '上下文“{context}”引用的集群“{cluster}”在 kubeconfig 中不存在。',
  ],
  'cluster.badServer': [
    'The server “{server}” of the context “{context}” is not an http or https address. Correct it in the kubeconfig.',
    '上下文“{context}”的服务器“{server}”不是 http 或 https 地址。请在 kubeconfig 中更正。',
  ],
  'cluster.credentialsUnreadable': [
    'The credentials of the context “{context}” cannot be read: {reason}',
    '无法读取上下文“{context}”的凭据：{reason}',
  ],
  // Exec plugins.
  'cluster.pluginMissing': [
    'The credential plugin “{command}” of the context “{context}” is not installed. Install it, or correct the kubeconfig.',
    '未安装上下文“{context}”的凭据插件“{command}”。请安装它，或更正 kubeconfig。',
  ],
  'cluster.pluginFailed': [
    'The credential plugin “{command}” of the context “{context}” failed with exit code {code}. Run it in a terminal to see why.',
    '上下文“{context}”的凭据插件“{command}”失败，退出码为 {code}。请在终端中运行它以查明原因。',
  ],
  'cluster.pluginHung': [
    'The credential plugin “{command}” of the context “{context}” did not answer within {seconds} s and was ended. Run it in a terminal to see what it waits for.',
    '上下文“{context}”的凭据插件“{command}”在 {seconds} 秒内没有响应，已被终止。请在终端中运行它，查看它在等待什么。',
  ],
  'cluster.pluginBadAnswer': [
    'The credential plugin “{command}” of the context “{context}” did not print an ExecCredential with a token or a certificate.',
    '上下文“{context}”的凭据插件“{command}”没有输出带令牌或证书的 ExecCredential。',
  ],
  'cluster.pluginRefused': [
    'The credential plugin “{command}” of the context “{context}” was not allowed to run.',
    '未允许运行上下文“{context}”的凭据插件“{command}”。',
  ],
  'cluster.pluginInteractive': [
    'The credential plugin “{command}” of the context “{context}” wants a terminal. Log in with it in a terminal, then try again.',
    '上下文“{context}”的凭据插件“{command}”需要终端。请先在终端中用它登录，然后重试。',
  ],
  // Answers of the API server.
  'cluster.notFound': ['{what} was not found.', '未找到 {what}。'],
  'cluster.forbidden': ['The cluster does not allow it: {reason}', '集群不允许此操作：{reason}'],
  'cluster.unauthorized': [
    'The cluster does not accept the credentials of the context “{context}”. Log in again.',
    '集群不接受上下文“{context}”的凭据。请重新登录。',
  ],
  'cluster.conflict': [
    'The object is no longer as it was read: {reason}',
    '对象已与读取时不同：{reason}',
  ],
  'cluster.invalid': ['The cluster refused the content: {reason}', '集群拒绝了该内容：{reason}'],
  'cluster.tooManyRequests': [
    'The cluster is busy and asks to wait. Try again in a moment.',
    '集群繁忙，要求稍候。请稍后重试。',
  ],
  'cluster.serverError': [
    'The cluster answered with an error ({status}): {reason}',
    '集群返回错误（{status}）：{reason}',
  ],
  'cluster.notKubernetes': [
    'What answered at {server} is not a Kubernetes API server. Check the address, a proxy or a login page in between.',
    '在 {server} 应答的不是 Kubernetes API 服务器。请检查地址、代理或中间的登录页面。',
  ],
  'cluster.notServed': [
    'The cluster does not serve {kind} ({group}). Install its CRD, or choose another cluster.',
    '集群不提供 {kind}（{group}）。请安装其 CRD，或选择其他集群。',
  ],
  // No answer.
  'cluster.refused': [
    'Nothing answers at {server}. Check that the cluster runs and that you are connected to its network.',
    '{server} 没有应答。请检查集群是否运行，以及您是否已连接到其网络。',
  ],
  'cluster.unknownHost': [
    'The name {host} cannot be resolved. Check the VPN or the network.',
    '无法解析主机名 {host}。请检查 VPN 或网络。',
  ],
  'cluster.timedOut': [
    '{server} did not answer within {seconds} s. Check the VPN or the network.',
    '{server} 在 {seconds} 秒内没有响应。请检查 VPN 或网络。',
  ],
  'cluster.badCertificate': [
    'The certificate of {server} is not trusted ({reason}). Check certificate-authority in the kubeconfig.',
    '{server} 的证书不受信任（{reason}）。请检查 kubeconfig 中的 certificate-authority。',
  ],
  'cluster.connectionLost': [
    'The connection to {server} was lost ({reason}).',
    '与 {server} 的连接已断开（{reason}）。',
  ],
  'cluster.tooLarge': [
    'The answer of {server} is larger than {limit} MB and was not read.',
    '{server} 的响应超过 {limit} MB，未读取。',
  ],
  // What is shown.
  'cluster.partial': [
    'You may not list {kind} in the whole cluster: only {namespaces} is shown.',
    '您无权在整个集群中列出 {kind}：仅显示 {namespaces}。',
  ],
  'cluster.nothingAllowed': [
    'You may not list {kind} in {namespaces}. Ask for get, list and watch in a Role.',
    '您无权在 {namespaces} 中列出 {kind}。请在 Role 中申请 get、list 和 watch 权限。',
  ],
  'cluster.wholeCluster': ['the whole cluster', '整个集群'],
  'cluster.closed': ['The connection was closed.', '连接已关闭。'],
} as const satisfies Catalogue;

export const say = speaker(clusterWords);
