import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { MusterError } from '../errors.ts';

/** A file cannot be read, or is neither JSON nor YAML. */
class InputFileError extends MusterError {
  override readonly name = 'InputFileError';
}

/** The requests of a JSON or YAML file, one in each document. `-` is standard input. @throws InputFileError */
export function readRequests(file: string): unknown[] {
  const name = file === '-' ? 'standard input' : file;
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new InputFileError(
      'invalid',
      `cannot read ${name}: ${(error as Error).message}`,
      'Give the path of a JSON or YAML file.',
    );
  }
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  const faults = documents.flatMap(({ errors }) => errors.map(({ message }) => message));
  if (faults.length > 0) {
    throw new InputFileError(
      'invalid',
      `${name} is neither JSON nor YAML: ${faults.join('\n')}`,
      'Fix the syntax at the position named above.',
    );
  }
  const requests = documents.map((document) => document.toJS() as unknown).filter((value) => value != null);
  if (requests.length === 0)
    throw new InputFileError('invalid', `${name} has no request`, 'See examples/ for a complete one.');
  return requests;
}
