/** One file on its way: checked first, imported then; given up when the dialog goes. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { isProblem, Problem } from '../../api/problem';
import { sendImport, type ImportOptions, type ImportResult } from './importUpload';
import { forgetPeople } from './queries';

export type Choices = Omit<ImportOptions, 'isDryRun'>;
export const NO_CHOICES: Choices = { clearEmpty: false, keepSpellings: false, encoding: '', mapping: {} };

export type Stage =
  | { kind: 'choose' }
  | { kind: 'sending'; isDryRun: boolean; share: number }
  | { kind: 'preview'; result: ImportResult }
  | { kind: 'done'; result: ImportResult }
  | { kind: 'failed'; isDryRun: boolean; problem: Problem };

export interface Import {
  stage: Stage;
  file: File | null;
  choices: Choices;
  /** Checks a file, or the same one read in another way. */
  check: (file: File, choices: Choices) => void;
  run: () => void;
  reset: () => void;
}

export function useImport(): Import {
  const client = useQueryClient();
  const [stage, setStage] = useState<Stage>({ kind: 'choose' });
  const [file, setFile] = useState<File | null>(null);
  const [choices, setChoices] = useState<Choices>(NO_CHOICES);
  const sending = useRef<AbortController | null>(null);
  useEffect(() => () => sending.current?.abort(), []);

  const send = async (what: File, how: Choices, isDryRun: boolean): Promise<void> => {
    sending.current?.abort();
    const controller = new AbortController();
    sending.current = controller;
    setStage({ kind: 'sending', isDryRun, share: 0 });
    try {
      const onProgress = (share: number): void => setStage({ kind: 'sending', isDryRun, share });
      const result = await sendImport(what, { ...how, isDryRun }, { onProgress, signal: controller.signal });
      setStage({ kind: isDryRun ? 'preview' : 'done', result });
    } catch (error) {
      if (controller.signal.aborted) return;
      setStage({ kind: 'failed', isDryRun, problem: isProblem(error) ? error : Problem.unreachable() });
    } finally {
      if (!isDryRun) void forgetPeople(client); // also what was written before it broke off
    }
  };
  return {
    stage,
    file,
    choices,
    check: (next, how) => {
      setFile(next);
      setChoices(how);
      void send(next, how, true);
    },
    run: () => {
      if (file !== null) void send(file, choices, false);
    },
    reset: () => {
      sending.current?.abort();
      setFile(null);
      setChoices(NO_CHOICES);
      setStage({ kind: 'choose' });
    },
  };
}
