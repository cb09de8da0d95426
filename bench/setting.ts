import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from './subjects/subject.ts';
import { startWorker, type Worker } from './worker.ts';

export type SubjectName = 'ours' | 'floor' | 'clientNode';

/** What all benches share: the server and a folder for what they make. */
export interface Setting {
  readonly folder: string;
  readonly server: Worker;
  readonly address: Address;
  /** A fresh process for each subject, connected (default: to the server of the bench); they end with `work`. */
  readonly withSubjects: <T>(
    work: (subjects: Readonly<Record<SubjectName, Worker>>) => Promise<T>,
    to?: Address,
  ) => Promise<T>;
  readonly close: () => Promise<void>;
}

export async function openSetting(folder: string): Promise<Setting> {
  const server = startWorker(join(import.meta.dirname, 'server.ts'));
  const told = (await server.run('address')) as Omit<Address, 'kubeconfigPath'>;
  const kubeconfigPath = join(folder, 'kubeconfig');
  await writeFile(kubeconfigPath, told.kubeconfig, { mode: 0o600 });
  const address = { ...told, kubeconfigPath };
  return {
    folder,
    server,
    address,
    withSubjects: async (work, to = address) => {
      const subjects = {
        ours: startSubject('ours'),
        floor: startSubject('floor'),
        clientNode: startSubject('clientNode'),
      };
      try {
        for (const subject of Object.values(subjects)) await subject.run('connect', to);
        return await work(subjects);
      } finally {
        await Promise.all(Object.values(subjects).map((subject) => subject.stop()));
      }
    },
    close: server.stop,
  };
}

function startSubject(name: SubjectName): Worker {
  return startWorker(join(import.meta.dirname, 'subjects', `${name}.ts`));
}
