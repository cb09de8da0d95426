import assert from 'node:assert/strict';
import { commands, extensions, type Extension } from 'vscode';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

function cablecar(): Extension<unknown> {
  const found = extensions.getExtension('cablecar.cablecar');
  assert.ok(found, 'the extension is not installed');
  return found;
}

describe('Cablecar in the extension host', () => {
  it('activates', async () => {
    await cablecar().activate();
    assert.equal(cablecar().isActive, true);
  });

  it('registers every command that its manifest contributes', async () => {
    await cablecar().activate();
    const known = new Set(await commands.getCommands(true));
    const { contributes } = cablecar().packageJSON as Manifest;
    const missing = contributes.commands
      .map(({ command }) => command)
      .filter((id) => !known.has(id));
    assert.deepEqual(missing, []);
  });
});
