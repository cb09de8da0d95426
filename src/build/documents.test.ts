import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { backends } from '../backends/registry.ts';
import { allWatches } from '../state/watches.ts';
import { fillPlace, rbacYaml, settingsTable, supportTable } from './documents.ts';

interface Role {
  readonly metadata: { readonly name: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

describe('the roles', () => {
  const [view, release] = parseAllDocuments(rbacYaml(allWatches())).map(
    (doc) => doc.toJS() as Role,
  );

  test('let whoever looks read all that is watched, and write nothing', () => {
    const readable = (view?.rules ?? []).flatMap((r) =>
      r.resources.map((name) => `${r.apiGroups.join()}/${name}`),
    );
    const watched = allWatches().map(({ resource }) => `${resource.group}/${resource.plural}`);
    expect(readable).toEqual(expect.arrayContaining(watched));
    const verbs = new Set((view?.rules ?? []).flatMap((rule) => rule.verbs));
    expect(verbs).toEqual(new Set(['get', 'list', 'watch']));
  });

  test('have no wildcard and no secrets', () => {
    for (const role of [view, release]) {
      expect(role?.rules.length).toBeGreaterThan(0);
      const words = role?.rules.flatMap((rule) => [
        ...rule.apiGroups,
        ...rule.resources,
        ...rule.verbs,
      ]);
      expect(words).not.toContain('*');
      expect(words).not.toContain('secrets');
    }
  });
});

test('the tables have a row for every back end and setting, with as many cells as the head', () => {
  for (const table of [supportTable(backends, 0), supportTable(backends, 1), settingsTable(0)]) {
    const cells = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
    expect(new Set(cells).size).toBe(1);
  }
  expect(supportTable(backends, 0).split('\n')).toHaveLength(backends.length + 2);
});

describe('filling a place of a document', () => {
  const text =
    'a\n<!-- generated: x -->\nold\n<!-- /generated -->\nb\n<!-- generated: y -->\n<!-- /generated -->\n';

  test('replaces what stands there and nothing else, and is stable', () => {
    const once = fillPlace(text, 'x', 'new');
    expect(once).toContain('<!-- generated: x -->\n\nnew\n\n<!-- /generated -->\nb\n');
    expect(once).not.toContain('old');
    expect(fillPlace(once, 'x', 'new')).toBe(once);
  });

  test('fails when the place is gone', () => {
    expect(() => fillPlace(text, 'z', 'new')).toThrow('generated: z');
  });
});
