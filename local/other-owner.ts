import { stat } from 'node:fs/promises';

/** Files of a data folder belong to another user, as in a copied checkout. */
export class OtherOwnerError extends Error {
  override readonly name = 'OtherOwnerError';
}

/** The uid of a file's owner if it is not the wanted one; undefined if it is, or cannot be determined. */
export async function otherOwnerOf(file: string, wanted: number | undefined): Promise<number | undefined> {
  const owner = await stat(file).then(
    ({ uid }) => uid,
    () => undefined,
  );
  return wanted === undefined || owner === wanted ? undefined : owner;
}
