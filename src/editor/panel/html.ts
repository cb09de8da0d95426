/**
 * The static shell of the panel. Nothing from the cluster is in it: data comes only by messages. The policy allows no connection, no
 * inline style and no script but ours (handbook/security.md 1.1).
 */
export function panelHtml(options: {
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  readonly language: string;
}): string {
  const { cspSource, nonce, scriptUri, styleUri, language } = options;
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource}`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${styleUri}">
<title>Cablecar</title>
</head>
<body>
<main id="panel"></main>
<script nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>`;
}
