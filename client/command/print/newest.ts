/** A line that says how many creations there are when a list has only the newest; no line when it has all. */
export const newestNote = (shown: number, total = shown): string[] =>
  total > shown ? [`the newest ${shown} of ${total.toLocaleString('en-US')} creations`] : [];
