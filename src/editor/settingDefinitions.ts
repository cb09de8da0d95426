import type { Words } from './contributions.ts';

/** JSON schema of a setting's value, as far as VS Code reads it. */
export interface SettingDefinition {
  readonly type: 'string' | 'boolean' | 'number' | 'array' | 'object';
  readonly default: unknown;
  /**
   * `machine`: only the user may set it, never a repository (handbook/security.md 1.4): whatever names a file, a URL or headers, and
   * whatever protects.
   */
  readonly scope: 'machine' | 'window';
  readonly description: Words;
  readonly choices?: readonly { readonly value: string; readonly description: Words }[];
  readonly schema?: Readonly<Record<string, unknown>>;
}

const strings = { items: { type: 'string' } };
const stringsByContext = { additionalProperties: { type: 'array', ...strings } };
const stringByContext = { additionalProperties: { type: 'string' } };

/** In the order of the settings page. */
export const settings = {
  'cablecar.kubeconfig': {
    type: 'string',
    default: '',
    scope: 'machine',
    description: [
      'Kubeconfig file, or several separated as in `KUBECONFIG`. Empty: `KUBECONFIG` of the environment that VS Code was started with, else `~/.kube/config`. The file is read where the extension runs: inside WSL, the SSH host or the container when the folder is there.',
      'kubeconfig 文件，多个文件的分隔方式与 `KUBECONFIG` 相同。留空时使用启动 VS Code 的环境中的 `KUBECONFIG`，否则使用 `~/.kube/config`。文件在扩展运行之处读取：若文件夹位于 WSL、SSH 主机或容器中，则在其中读取。',
    ],
  },
  'cablecar.namespaces': {
    type: 'object',
    default: {},
    scope: 'window',
    schema: stringsByContext,
    description: [
      'Namespaces to watch, by the name of the context. A context that is not named here is watched in all its namespaces, or in its own one when that is forbidden. The command *Choose Namespaces…* sets it.',
      '要监视的命名空间，按上下文名称设置。未在此列出的上下文会监视其全部命名空间；若无权限，则只监视上下文自身的命名空间。可用命令“选择命名空间…”设置。',
    ],
  },
  'cablecar.protectedContexts': {
    type: 'array',
    default: ['*prod*', '*live*'],
    scope: 'machine',
    schema: strings,
    description: [
      'Contexts of production clusters, as patterns with `*`. There, a change asks to type the name of the service, the panel has a red frame and the status bar names the context. A rollback never asks for a name.',
      '生产集群的上下文，可使用 `*` 通配。在这些上下文中，更改前需要输入服务名称，面板带红色边框，状态栏显示上下文名称。回滚从不要求输入名称。',
    ],
  },
  'cablecar.readOnly': {
    type: 'boolean',
    default: false,
    scope: 'machine',
    description: [
      'Look, but never write: every command that changes a cluster is switched off.',
      '只查看，不写入：所有会更改集群的命令均被停用。',
    ],
  },
  'cablecar.notifyWhenWorse': {
    type: 'boolean',
    default: true,
    scope: 'window',
    description: [
      'Notify once when a canary that is driven by hand fails clearly more requests than stable while its panel is closed.',
      '当手动控制的金丝雀版本在面板关闭期间的失败请求明显多于稳定版时，通知一次。',
    ],
  },
  'cablecar.prometheus.url': {
    type: 'object',
    default: {},
    scope: 'machine',
    schema: stringByContext,
    description: [
      "URL of Prometheus (or Thanos, Mimir, VictoriaMetrics), by the name of the context; `*` stands for all others. A context without one: Prometheus is looked for among the Services of the cluster and asked through the API server. The command *Set Prometheus…* sets it and keeps the password or token in VS Code's secret storage.",
      'Prometheus（或 Thanos、Mimir、VictoriaMetrics）的 URL，按上下文名称设置；`*` 表示其他所有上下文。未设置的上下文：在集群的 Service 中查找 Prometheus，并经由 API 服务器查询。命令“设置 Prometheus…”可进行设置，并将密码或令牌保存在 VS Code 的机密存储中。',
    ],
  },
  'cablecar.alertmanager.url': {
    type: 'object',
    default: {},
    scope: 'machine',
    schema: stringByContext,
    description: [
      "URL of Alertmanager, by the name of the context; `*` stands for all others. A context without one: Alertmanager is looked for among the Services of the cluster and asked through the API server. The command *Set Alertmanager…* sets it and keeps the password or token in VS Code's secret storage. Tenant and certificates are those of Prometheus.",
      'Alertmanager 的 URL，按上下文名称设置；`*` 表示其他所有上下文。未设置的上下文：在集群的 Service 中查找 Alertmanager，并经由 API 服务器查询。命令“设置 Alertmanager…”可进行设置，并将密码或令牌保存在 VS Code 的机密存储中。租户与证书与 Prometheus 共用。',
    ],
  },
  'cablecar.prometheus.tenant': {
    type: 'object',
    default: {},
    scope: 'machine',
    schema: stringByContext,
    description: [
      'Tenant (`X-Scope-OrgID`) for Mimir and its kin, by the name of the context; `*` stands for all others. Several tenants are joined by `|`.',
      'Mimir 等系统的租户（`X-Scope-OrgID`），按上下文名称设置；`*` 表示其他所有上下文。多个租户以 `|` 连接。',
    ],
  },
  'cablecar.prometheus.caFile': {
    type: 'string',
    default: '',
    scope: 'machine',
    description: [
      'PEM file of the certificate authority that signed the certificate of Prometheus. Empty: those that the system trusts.',
      '签发 Prometheus 证书的证书颁发机构的 PEM 文件。留空时使用系统信任的机构。',
    ],
  },
  'cablecar.prometheus.certificateFile': {
    type: 'string',
    default: '',
    scope: 'machine',
    description: [
      'PEM file of the client certificate for Prometheus. Empty: none.',
      '访问 Prometheus 的客户端证书的 PEM 文件。留空表示不使用。',
    ],
  },
  'cablecar.prometheus.keyFile': {
    type: 'string',
    default: '',
    scope: 'machine',
    description: [
      'PEM file of the key of the client certificate for Prometheus. Empty: none.',
      '访问 Prometheus 的客户端证书的密钥 PEM 文件。留空表示不使用。',
    ],
  },
  'cablecar.grafana.urlTemplate': {
    type: 'string',
    default: '',
    scope: 'machine',
    description: [
      'Address that *Open in Grafana* opens; https, or http on this computer. `{context}`, `{namespace}`, `{service}`, `{stable}`, `{canary}`, `{fromMs}` and `{toMs}` are filled in, encoded. Example: `https://grafana.example.com/d/canary?var-namespace={namespace}&var-service={service}&from={fromMs}&to={toMs}`.',
      '“在 Grafana 中打开”所打开的地址；须为 https，或本机的 http。`{context}`、`{namespace}`、`{service}`、`{stable}`、`{canary}`、`{fromMs}` 与 `{toMs}` 会在编码后填入。例如：`https://grafana.example.com/d/canary?var-namespace={namespace}&var-service={service}&from={fromMs}&to={toMs}`。',
    ],
  },
  'cablecar.metrics.reporter': {
    type: 'string',
    default: 'destination',
    scope: 'window',
    choices: [
      {
        value: 'destination',
        description: ['The proxy beside the called pod.', '被调用 Pod 旁的代理。'],
      },
      {
        value: 'source',
        description: [
          'The proxy of the caller; needed where the called pods have none, as behind an ingress gateway.',
          '调用方的代理；被调用的 Pod 没有代理时需要，例如位于入口网关之后。',
        ],
      },
      {
        value: 'waypoint',
        description: ['The waypoint of ambient mode.', 'ambient 模式的 waypoint。'],
      },
    ],
    description: [
      'Whose count of a request is taken where a service mesh counts it twice.',
      '服务网格对同一请求计数两次时，采用哪一方的计数。',
    ],
  },
  'cablecar.metrics.application': {
    type: 'string',
    default: 'auto',
    scope: 'window',
    choices: [
      { value: 'auto', description: ['Take what is found.', '采用找到的指标。'] },
      {
        value: 'micrometer',
        description: [
          'Micrometer (Spring Boot): `http_server_requests_seconds`.',
          'Micrometer（Spring Boot）：`http_server_requests_seconds`。',
        ],
      },
      {
        value: 'prometheus-client',
        description: [
          'Prometheus client libraries: `http_requests_total`, `http_request_duration_seconds`.',
          'Prometheus 客户端库：`http_requests_total`、`http_request_duration_seconds`。',
        ],
      },
      {
        value: 'opentelemetry',
        description: [
          'OpenTelemetry: `http_server_request_duration_seconds`.',
          'OpenTelemetry：`http_server_request_duration_seconds`。',
        ],
      },
    ],
    description: [
      'Metrics of the application itself, for canaries without a mesh or gateway that counts requests.',
      '应用自身的指标，用于没有网格或网关统计请求的金丝雀版本。',
    ],
  },
  'cablecar.metrics.pollSeconds': {
    type: 'number',
    default: 10,
    scope: 'window',
    schema: { minimum: 5, maximum: 300 },
    description: [
      'Seconds between two queries to Prometheus while a panel is visible (5 to 300).',
      '面板可见时两次查询 Prometheus 之间的秒数（5 至 300）。',
    ],
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingId = keyof typeof settings;
