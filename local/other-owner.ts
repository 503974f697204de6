import { stat } from 'node:fs/promises';

/** Files in a data folder belong to another user, as in a checkout that was copied. */
export class OtherOwnerError extends Error {
  override readonly name = 'OtherOwnerError';
}

/** The user that a file belongs to, where that is not the wanted one; undefined where it is, or where nobody can tell. */
export async function otherOwnerOf(file: string, wanted: number | undefined): Promise<number | undefined> {
  const owner = await stat(file).then(
    ({ uid }) => uid,
    () => undefined,
  );
  return wanted === undefined || owner === wanted ? undefined : owner;
}
