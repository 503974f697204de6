import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { MusterError } from '../errors.ts';

/** A file or its content cannot be read as JSON or YAML. */
class InputFileError extends MusterError {
  override readonly name = 'InputFileError';
}

/** The requests of a file: JSON or YAML, one or several documents. `-` is standard input. */
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
      'Mend the syntax at the place named above.',
    );
  }
  const requests = documents.map((document) => document.toJS() as unknown).filter((value) => value != null);
  if (requests.length === 0)
    throw new InputFileError('invalid', `${name} has no request`, 'See examples/ for a complete one.');
  return requests;
}
