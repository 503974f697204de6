import { createHash } from 'node:crypto';

const BLOCK_BYTES = 32;
const WORD_BYTES = 4;

/** A stream of numbers that depends on its key alone, not on the order in which other streams are read. */
export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A string of `length` characters out of `alphabet`. */
  text(alphabet: string, length: number): string;
}

/**
 * The stream of one key. Each cluster and each node reads its own stream, so that concurrent calls in another order
 * still give the same ids and delays.
 */
export function randomFor(...key: readonly (string | number)[]): Random {
  const name = key.join('\0');
  let block = Buffer.alloc(0);
  let blocks = 0;
  let offset = BLOCK_BYTES;

  const fraction = (): number => {
    if (offset >= BLOCK_BYTES) {
      block = createHash('sha256').update(`${name}\0${blocks}`).digest();
      blocks += 1;
      offset = 0;
    }
    const word = block.readUInt32BE(offset);
    offset += WORD_BYTES;
    return word / 2 ** 32;
  };

  return {
    fraction,
    text: (alphabet, length) =>
      Array.from({ length }, () => alphabet.charAt(Math.floor(fraction() * alphabet.length))).join(''),
  };
}
