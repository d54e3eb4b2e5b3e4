/** Sends a file of people, and says how far it is. Not `fetch`: it cannot tell how much of a body has gone. */
import { csrfHeader } from '../../api/client';
import { Problem } from '../../api/problem';
import type { paths } from '../../api/schema';

const PATH = '/api/admin/people/import';
export type ImportResult = paths[typeof PATH]['post']['responses'][200]['content']['application/json'];

export interface ImportOptions {
  isDryRun: boolean;
  clearEmpty: boolean;
  keepSpellings: boolean;
  /** What the file is of; empty: to be found out, or asked for. */
  encoding: string;
  /** Header → field; empty: not used. Only those the person changed. */
  mapping: Readonly<Record<string, string>>;
}

interface Sending {
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** The query string that says how to read the file. */
export function importQuery(options: ImportOptions): string {
  const query = new URLSearchParams();
  if (options.isDryRun) query.set('dryRun', 'true');
  if (options.clearEmpty) query.set('clearEmpty', 'true');
  if (options.keepSpellings) query.set('keepSpellings', 'true');
  if (options.encoding !== '') query.set('encoding', options.encoding);
  for (const [header, field] of Object.entries(options.mapping)) query.append('map', `${header}=${field}`);
  return query.toString();
}

export async function sendImport(file: Blob, options: ImportOptions, sending: Sending): Promise<ImportResult> {
  return JSON.parse(await send(`${PATH}?${importQuery(options)}`, file, sending)) as ImportResult;
}

/** Everything that is wrong with the file, as a CSV file. */
export async function importErrors(file: Blob, options: ImportOptions, sending: Sending): Promise<Blob> {
  const text = await send(`${PATH}/errors?${importQuery({ ...options, isDryRun: false })}`, file, sending);
  return new Blob(['\uFEFF', text.replace(/^\uFEFF/, '')], { type: 'text/csv;charset=utf-8' });
}

function send(path: string, file: Blob, { onProgress, signal }: Sending): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('content-type', 'text/csv');
    for (const [name, value] of Object.entries(csrfHeader())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.total === 0 ? 0 : event.loaded / event.total);
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () => reject(new DOMException('The import was given up.', 'AbortError'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.responseText);
      else void Problem.from(new Response(request.responseText, { status: request.status })).then(reject, reject);
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
