/** Says of a list that has only the newest creations how many there are; no line where it has them all. */
export const newestOf = (shown: number, inAll = shown): string[] =>
  inAll > shown ? [`the newest ${shown} of ${inAll.toLocaleString('en-US')} creations`] : [];
